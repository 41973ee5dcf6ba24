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
 * @param <T> type of the items
 */
public record Page<T>(List<T> items, @Nullable String next) {

    /**
     * Converts a window on a sorted list to a page.
     *
     * @param window the items that were read
     * @param cursor returns an item's position in the list
     * @param mapper converts an item for the response
     */
    public static <S, T> Page<T> of(Window<S> window, Function<S, PageCursor> cursor, Function<S, T> mapper) {
        List<T> items = window.stream().map(mapper).toList();
        boolean last = window.isEmpty() || window.isLast();
        return new Page<>(
                items,
                last
                        ? null
                        : cursor.apply(window.getContent().get(window.size() - 1))
                                .toString());
    }
}
