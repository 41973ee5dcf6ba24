package io.perch.resourceserver.task;

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

/** Whatever happens to tasks, in whatever order: what must be true of them stays true, and all of them end. */
class TaskModelTest {

    private static final List<String> INSTANCES = List.of("A", "B", "C");
    private static final List<String> ENDS =
            List.of("succeed", "fail", "retry", "limit", "challenge", "wrong code", "hand back");

    /**
     * Something that happens.
     *
     * @param what it, in words
     * @param how what it does to the model
     */
    private record Step(String what, Consumer<TaskModel> how) {
        @Override
        public String toString() {
            return what;
        }
    }

    @Property(tries = 120)
    void everyTaskEndsAndNoRuleIsBroken(@ForAll("stories") List<Step> story) {
        TaskModel model =
                Store.getOrCreate("model", Lifespan.RUN, TaskModel::new).get();
        model.reset();
        for (Step step : story) {
            step.how().accept(model);
            model.check();
        }
        model.settle();
    }

    @Provide
    Arbitrary<List<Step>> stories() {
        Arbitrary<Integer> which = Arbitraries.integers().between(0, 3);
        Arbitrary<String> instance = Arbitraries.of(INSTANCES);
        Arbitrary<Step> submit = which.map(i -> new Step("submit " + i, model -> model.submit(i)));
        Arbitrary<Step> claim = Combinators.combine(which, instance)
                .as((i, owner) -> new Step("claim " + i + " by " + owner, model -> model.claim(i, owner)));
        Arbitrary<Step> end = Combinators.combine(which, Arbitraries.of(ENDS))
                .as((i, how) -> new Step(how + " " + i, model -> model.end(i, how)));
        Arbitrary<Step> renew = Combinators.combine(which, instance)
                .as((i, owner) -> new Step("renew " + i + " by " + owner, model -> model.renew(i, owner)));
        Arbitrary<Step> pass = Arbitraries.integers()
                .between(1, 120)
                .map(seconds -> new Step(seconds + " s pass", model -> model.pass(Duration.ofSeconds(seconds))));
        Arbitrary<Step> owner = Combinators.combine(which, Arbitraries.of("answer", "cancel", "replay", "delete"))
                .as((i, what) -> new Step(what + " " + i, model -> ask(model, what, i)));
        Arbitrary<Step> sweep = Arbitraries.just(new Step("sweep", TaskModel::sweep));
        return Arbitraries.frequencyOf(
                        Tuple.of(2, submit),
                        Tuple.of(8, claim),
                        Tuple.of(6, end),
                        Tuple.of(1, renew),
                        Tuple.of(5, pass),
                        Tuple.of(3, owner),
                        Tuple.of(2, sweep))
                .list()
                .ofMinSize(5)
                .ofMaxSize(60);
    }

    private static void ask(TaskModel model, String what, int which) {
        switch (what) {
            case "answer" -> model.answer(which);
            case "cancel" -> model.cancel(which);
            case "replay" -> model.replay(which);
            case "delete" -> model.deleteAccount(which);
            default -> throw new IllegalArgumentException(what);
        }
    }
}
