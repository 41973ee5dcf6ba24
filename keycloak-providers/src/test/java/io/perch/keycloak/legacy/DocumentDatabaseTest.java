package io.perch.keycloak.legacy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.bson.BsonDocument;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Descriptions of indexes that the stand-in for MongoDB cannot give. */
class DocumentDatabaseTest {

    @ParameterizedTest
    @CsvSource({
        "true, '{\"key\": {\"email\": 1}}'",
        "true, '{\"key\": {\"email\": -1, \"role\": 1}, \"unique\": true, \"sparse\": true}'",
        "false, '{\"key\": {\"role\": 1, \"email\": 1}}'",
        "false, '{\"key\": {\"email\": \"hashed\"}}'",
        "false, '{\"key\": {\"_fts\": \"text\"}}'",
        "false, '{\"key\": {\"email\": 1}, \"collation\": {\"locale\": \"en\", \"strength\": 2}}'",
        "false, '{\"key\": {\"email\": 1}, \"partialFilterExpression\": {\"is_active\": true}}'",
        "false, '{\"key\": {\"email\": 1}, \"hidden\": true}'"
    })
    void aPatternCanUseAnIndexIf(boolean expected, String index) {
        assertEquals(expected, DocumentDatabase.serves(BsonDocument.parse(index), "email"));
    }
}
