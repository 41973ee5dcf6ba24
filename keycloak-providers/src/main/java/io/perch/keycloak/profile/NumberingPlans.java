package io.perch.keycloak.profile;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads phone numbers by the numbering plans of the world's regions, as libphonenumber knows them. */
final class NumberingPlans {

    /** Longer text is refused unread: the work that one value can cause is bounded. */
    static final int MAX_LENGTH = 40;

    /** ITU-T E.164, 6.1: country code and national number are 15 digits at most; no country code begins with 0. */
    private static final Pattern E164 = Pattern.compile("\\+[1-9][0-9]{1,14}");

    private static final String NO_REGION = "ZZ";

    private final PhoneNumberUtil plans = PhoneNumberUtil.getInstance();

    /** Whether {@code region} is an ISO 3166-1 alpha-2 code, in any case, whose numbering plan is known. */
    boolean know(String region) {
        return plans.getSupportedRegions().contains(code(region));
    }

    /**
     * The E.164 form of the phone number that {@code text} means; empty where it means none that the numbering plan of
     * its country allows. An extension is not part of the form and is left out.
     *
     * @param region whose national numbers are understood too; with {@code null} or an unknown one only numbers that
     *     begin with a plus sign and a country code are
     */
    Optional<String> e164(String text, @Nullable String region) {
        if (text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        try {
            PhoneNumber number = plans.parse(text, region == null ? NO_REGION : code(region));
            return Optional.of(number)
                    .filter(plans::isValidNumber)
                    .map(valid -> plans.format(valid, PhoneNumberFormat.E164))
                    .filter(form -> E164.matcher(form).matches());
        } catch (NumberParseException e) {
            return Optional.empty();
        }
    }

    private static String code(String region) {
        return region.toUpperCase(Locale.ROOT);
    }
}
