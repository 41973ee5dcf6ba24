package io.perch.keycloak.authapi;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.keycloak.models.UserModel;
import org.keycloak.userprofile.UserProfile;

/** The members of a body that are attributes of Keycloak's user profile, and their names there. */
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

    /** The attributes that the body has; a member that is null is an empty attribute, as in a form left empty. */
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
     * Notes an error for a name that looks like another address than the account's: nobody proved to read it, yet who has
     * it there keeps it from its owner, and may pass for them.
     *
     * @param attributes as the request has them
     * @param presentEmail the account's address; empty where it has none
     */
    static void checkUsername(Fields fields, Map<String, List<String>> attributes, String presentEmail) {
        String username = first(attributes, UserModel.USERNAME, "");
        if (username.indexOf('@') >= 0
                && !username.equalsIgnoreCase(presentEmail)
                && !username.equalsIgnoreCase(first(attributes, UserModel.EMAIL, presentEmail))) {
            fields.refuse("username", "is an e-mail address, but not the account's");
        }
    }

    private static String first(Map<String, List<String>> attributes, String name, String otherwise) {
        return attributes.containsKey(name) ? attributes.get(name).get(0).strip() : otherwise;
    }

    /** The member for an attribute. */
    static String member(String attribute) {
        return ATTRIBUTES.entrySet().stream()
                .filter(entry -> entry.getValue().equals(attribute))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(attribute);
    }

    /** Notes an error for a member that this realm's user profile would silently drop. */
    static void checkKnown(Fields fields, UserProfile profile) {
        ATTRIBUTES.forEach((member, attribute) -> {
            if (fields.has(member) && profile.getAttributes().getMetadata(attribute) == null) {
                fields.refuse(member, "is not in this realm's user profile");
            }
        });
    }
}
