package io.perch.keycloak.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.keycloak.common.util.Time;

class HourlyBudgetTest {

    private final HourlyBudget budget = new HourlyBudget(2);

    @AfterEach
    void backToNow() {
        Time.setOffset(0);
    }

    @Test
    void eachKeyHasASeparateBudget() {
        assertEquals(0, budget.take("one", "192.0.2.1"));
        assertEquals(0, budget.take("one", "192.0.2.1"));
        int wait = budget.take("one", "192.0.2.1");
        assertTrue(wait > 3590 && wait <= 3600, () -> "waits " + wait);
        assertEquals(0, budget.take("one", "192.0.2.2"));
        assertEquals(0, budget.take("two", "192.0.2.1"));
    }

    @Test
    void theBudgetIsFullAgainAfterAnHour() {
        for (int i = 0; i < 3; i++) {
            budget.take("one", "192.0.2.1");
        }
        Time.setOffset(3600);
        assertEquals(0, budget.take("one", "192.0.2.1"));
    }

    @Test
    void itIsSpentWhenTheLastOneIsTaken() {
        budget.take("one", "192.0.2.1");
        assertFalse(budget.isSpent("one", "192.0.2.1"));
        budget.take("one", "192.0.2.1");
        assertTrue(budget.isSpent("one", "192.0.2.1"));
        assertFalse(budget.isSpent("two", "192.0.2.1"));
    }
}
