package io.perch.keycloak.authapi;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.userprofile.UserProfile;

/** The members of a body that are attributes of Keycloak's user profile, with the attributes' names. */
final class ProfileFields {

    static final String PHONE_NUMBER = "phone_number";

    private static final Map<String, String> ATTRIBUTES = Map.of(
            "username",
            UserModel.USERNAME,
            "email",
            UserModel.EMAIL,
            "first_name",
            UserModel.FIRST_NAME,
            "last_name",
            UserModel.LAST_NAME,
            PHONE_NUMBER,
            PHONE_NUMBER);

    static final Set<String> MEMBERS = ATTRIBUTES.keySet();

    private ProfileFields() {}

    /** The attributes in the body. A member that is null becomes an empty attribute, as an empty field of a form does. */
    static Map<String, List<String>> attributes(Fields fields) {
        Map<String, List<String>> attributes = new HashMap<>();
        ATTRIBUTES.forEach((member, attribute) -> {
            if (fields.has(member)) {
                attributes.put(attribute, List.of(fields.text(member).orElse("")));
            }
        });
        return attributes;
    }

    /**
     * Adds an error for a user name that looks like an e-mail address but is not the account's address. Nobody has verified that
     * address. Its real owner could then not register with it, and the user could pretend to be that person.
     *
     * @param attributes the attributes of the request
     * @param currentEmail the account's address; empty if it has none
     */
    static void checkUsername(Fields fields, Map<String, List<String>> attributes, String currentEmail) {
        String username = first(attributes, UserModel.USERNAME, "");
        if (username.indexOf('@') >= 0
                && !isSame(username, currentEmail)
                && !isSame(username, first(attributes, UserModel.EMAIL, currentEmail))) {
            fields.refuse("username", "is an e-mail address, but not the account's");
        }
    }

    /**
     * Whether Keycloak stores both as the same user name or address. It stores lower case. {@link String#equalsIgnoreCase} compares
     * upper case too, and so takes a dotless i for an i, and one domain for another.
     */
    static boolean isSame(String one, String other) {
        return KeycloakModelUtils.toLowerCaseSafe(one).equals(KeycloakModelUtils.toLowerCaseSafe(other));
    }

    private static String first(Map<String, List<String>> attributes, String name, String defaultValue) {
        return attributes.containsKey(name) ? attributes.get(name).get(0).strip() : defaultValue;
    }

    /** The member of the body for an attribute; the attribute's own name if it has no member. */
    static String member(String attribute) {
        return ATTRIBUTES.entrySet().stream()
                .filter(entry -> entry.getValue().equals(attribute))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(attribute);
    }

    /** Adds an error for a member that this realm's user profile would ignore without an error. */
    static void checkKnown(Fields fields, UserProfile profile) {
        ATTRIBUTES.forEach((member, attribute) -> {
            if (fields.has(member) && profile.getAttributes().getMetadata(attribute) == null) {
                fields.refuse(member, "is not in this realm's user profile");
            }
        });
    }
}
