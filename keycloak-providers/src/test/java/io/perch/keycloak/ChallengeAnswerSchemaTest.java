package io.perch.keycloak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChallengeAnswerSchemaTest {

    private static final String SESSION = "X3pX3pX3pX3pX3pX3pX3pX3pX3pX3pX3pX3pX3pX3p0";

    @Test
    void itIsASchema() {
        assertEquals(List.of(), ChallengeAnswerSchema.errorsOfTheSchema());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "200 | {'authorization_code':'c'}",
                "200 | {'password_changed':true}",
                "403 | {'error':'redirect_to_web','required_actions':['webauthn-register']}",
                "403 | {'error':'redirect_to_web','request_uri':'urn:ietf:params:oauth:request_uri:1','expires_in':60}",
                "400 | {'error':'invalid_session'}",
                "500 | {'error':'server_error','error_description':'urn:uuid:1'}"
            })
    void theseAreAnswers(int status, String body) {
        assertEquals(List.of(), ChallengeAnswerSchema.errors(status, json(body)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{'type':'password','fields':['username','password']}",
                "{'type':'password','fields':['password','credential'],'publicKey':{'challenge':'AA','rpId':'a','allowCredentials':[]}}",
                "{'type':'otp','fields':['otp','otp_device'],'otp_devices':['phone',''],'alternatives':['recovery_code']}",
                "{'type':'new_password','fields':['new_password'],'errors':[{'field':'new_password'}]}",
                "{'type':'acme_pin','fields':['acme_pin'],'digits':4,'hint':{'text':'x'},'alternatives':['otp','acme_word']}",
                "{'type':'otp','fields':['otp','otp_device'],'alternatives':['acme_pin']}"
            })
    void theseAreSteps(String challenge) {
        assertEquals(List.of(), ChallengeAnswerSchema.errors(403, step(challenge)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "403 | {'authorization_code':'c'}",
                "200 | {'error':'invalid_session'}",
                "403 | {'error':'invalid_session'}",
                "400 | {'error':'insufficient_authorization'}",
                "400 | {'error':'invalid_session','auth_session':'x'}",
                "200 | {'authorization_code':'c','state':'s'}",
                "403 | {'error':'redirect_to_web','request_uri':'urn:ietf:params:oauth:request_uri:1'}",
                "400 | {}",
                "200 | []"
            })
    void theseAreNot(int status, String body) {
        assertFalse(ChallengeAnswerSchema.errors(status, json(body)).isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{'type':'acme_pin'}",
                "{'type':'acme_pin','fields':[]}",
                "{'type':'acme_pin','fields':['acme pin']}",
                "{'type':'acme pin','fields':['acme_pin']}",
                "{'type':'acme_pin','fields':['acme_pin'],'alternatives':['terms']}",
                "{'type':'acme_pin','fields':['acme_pin'],'errors':[{'field':'acme_pin'}]}",
                "{'type':'otp','fields':['otp','otp_device'],'digits':4}",
                "{'type':'otp','fields':['acme_pin']}",
                "{'type':'otp','fields':['otp']}",
                "{'type':'password','fields':['username','password','credential']}",
                "{'type':'terms','fields':['accepted'],'alternatives':['otp']}",
                "{'type':'otp','fields':['otp','otp_device'],'alternatives':['terms']}",
                "{'type':'new_password','fields':['new_password'],'errors':[{'field':'new_password','message_key':'two words','parameters':[]}]}"
            })
    void theseAreNoSteps(String challenge) {
        assertFalse(ChallengeAnswerSchema.errors(403, step(challenge)).isEmpty());
    }

    @Test
    void everyTypeHasOneDefinition() {
        assertEquals(ChallengeAnswerSchema.fieldsByType().keySet(), ChallengeAnswerSchema.notOfOthers());
    }

    private static String step(String challenge) {
        return json("{'error':'insufficient_authorization','auth_session':'" + SESSION + "','challenge':" + challenge
                + ",'step_failed':false}");
    }

    private static String json(String quoted) {
        return quoted.replace('\'', '"');
    }
}
