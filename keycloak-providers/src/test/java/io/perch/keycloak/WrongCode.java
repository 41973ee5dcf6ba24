package io.perch.keycloak;

/** A code of six digits that differs from the right one. */
public final class WrongCode {

    private WrongCode() {}

    /** A wrong code. It is the same for almost all right ones. */
    public static String otherThan(String right) {
        return right.equals("000000") ? "000001" : "000000";
    }
}
