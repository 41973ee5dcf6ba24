package io.perch.resourceserver.task;

import io.perch.resourceserver.mongo.MongoProxy.Fault;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.Lifespan;
import net.jqwik.api.lifecycle.Store;

/** After any operations in any order, the conditions for tasks hold, and all tasks end. */
class TaskModelTest {

    private static final List<String> INSTANCES = List.of("A", "B", "C");
    private static final List<String> ENDS =
            List.of("succeed", "fail", "retry", "limit", "challenge", "wrong code", "hand back");

    /**
     * An operation.
     *
     * @param what its description
     * @param how changes the model
     */
    private record Step(String what, Consumer<TaskModel> how) {
        @Override
        public String toString() {
            return what;
        }
    }

    @Property(tries = 120)
    void everyTaskEndsAndAllConditionsHold(@ForAll("stories") List<Step> steps) {
        TaskModel model =
                Store.getOrCreate("model", Lifespan.RUN, TaskModel::new).get();
        model.reset();
        for (Step step : steps) {
            model.record(step.what());
            step.how().accept(model);
            model.check();
        }
        model.settle();
    }

    @Provide
    Arbitrary<List<Step>> stories() {
        Arbitrary<Integer> which = Arbitraries.integers().between(0, 5);
        Arbitrary<String> instance = Arbitraries.of(INSTANCES);
        Arbitrary<Step> submit = which.map(i -> new Step("submit " + i, model -> model.submit(i)));
        Arbitrary<Step> claim = Combinators.combine(Arbitraries.integers().between(1, 4), instance)
                .as((room, owner) -> new Step(owner + " claims up to " + room, model -> model.claimDue(owner, room)));
        Arbitrary<Step> stale = Combinators.combine(which, instance)
                .as((i, owner) -> new Step(owner + " reads record " + i, model -> model.claimStale(i, owner)));
        Arbitrary<Step> end = Combinators.combine(
                        which, Arbitraries.of(ENDS), Arbitraries.integers().between(1, 3))
                .as((i, how, size) -> new Step(how + " " + size + " from " + i, model -> model.end(i, how, size)));
        Arbitrary<Step> renew = instance.map(owner -> new Step(owner + " renews", model -> model.renew(owner)));
        Arbitrary<Step> crash = instance.map(owner -> new Step(owner + " crashes", model -> model.crash(owner)));
        Arbitrary<Step> pass = Arbitraries.integers()
                .between(1, 120)
                .map(seconds -> new Step(seconds + " s pass", model -> model.pass(Duration.ofSeconds(seconds))));
        Arbitrary<Step> owner = Combinators.combine(
                        which, Arbitraries.of("answer", "cancel", "replay", "delete account"))
                .as((i, what) -> new Step(what + " " + i, model -> ask(model, what, i)));
        Arbitrary<Step> erase = which.map(i -> new Step("erase user " + i, model -> model.eraseUser(i)));
        Arbitrary<Step> reseal = Arbitraries.just(new Step("reseal", TaskModel::reseal));
        Arbitrary<Step> fault = Combinators.combine(
                        Arbitraries.integers().between(0, 4), Arbitraries.of(Fault.values()))
                .as((passing, how) -> new Step(how + " after " + passing, model -> model.breakNext(passing, how)));
        return Arbitraries.frequencyOf(
                        Tuple.of(5, submit),
                        Tuple.of(8, claim),
                        Tuple.of(3, stale),
                        Tuple.of(8, end),
                        Tuple.of(2, renew),
                        Tuple.of(1, crash),
                        Tuple.of(4, pass),
                        Tuple.of(5, owner),
                        Tuple.of(1, erase),
                        Tuple.of(1, reseal),
                        Tuple.of(3, fault))
                .list()
                .ofMinSize(5)
                .ofMaxSize(50);
    }

    private static void ask(TaskModel model, String what, int which) {
        switch (what) {
            case "answer" -> model.answer(which);
            case "cancel" -> model.cancel(which);
            case "replay" -> model.replay(which);
            case "delete account" -> model.deleteAccount(which);
            default -> throw new IllegalArgumentException(what);
        }
    }
}
