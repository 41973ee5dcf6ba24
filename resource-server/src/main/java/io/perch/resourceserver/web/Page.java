package io.perch.resourceserver.web;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Window;

/**
 * One page of a list.
 *
 * @param items the page's items
 * @param next the cursor of the next page, for {@code ?after=}; null on the last page
 * @param <T> what the list is of
 */
public record Page<T>(List<T> items, @Nullable String next) {

    /**
     * Shows a window on a sorted list as a page.
     *
     * @param window what was read
     * @param cursor an item's place in the list
     * @param shown how an item is shown
     */
    public static <S, T> Page<T> of(Window<S> window, Function<S, PageCursor> cursor, Function<S, T> shown) {
        List<T> items = window.stream().map(shown).toList();
        boolean last = window.isEmpty() || window.isLast();
        return new Page<>(
                items,
                last
                        ? null
                        : cursor.apply(window.getContent().get(window.size() - 1))
                                .toString());
    }
}
