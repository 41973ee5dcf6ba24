package io.perch.keycloak.profile;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads phone numbers by the numbering plans of all regions in libphonenumber. */
final class NumberingPlans {

    /** Longer texts are refused without parsing, to limit the work for one value. */
    static final int MAX_LENGTH = 40;

    /** ITU-T E.164, section 6.1: country code and national number have at most 15 digits. No country code starts with 0. */
    private static final Pattern E164 = Pattern.compile("\\+[1-9][0-9]{1,14}");

    private static final String NO_REGION = "ZZ";

    private final PhoneNumberUtil plans = PhoneNumberUtil.getInstance();

    /** Whether {@code region} is an ISO 3166-1 alpha-2 code, in upper or lower case, with a known numbering plan. */
    boolean know(String region) {
        return plans.getSupportedRegions().contains(code(region));
    }

    /**
     * The E.164 form of a phone number; empty if the numbering plan of its country does not allow the number. An extension is left
     * out, because it is not part of the form.
     *
     * @param region the region whose national numbers are accepted too. If it is null or unknown, only numbers with a plus sign and
     *     a country code are accepted
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
