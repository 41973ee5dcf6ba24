package io.perch.localstack.mongo;

import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.bson.BsonDecoder;
import de.bwaldvogel.mongo.wire.bson.BsonEncoder;
import io.netty.buffer.Unpooled;

/**
 * Encodes documents as BSON, and decodes them.
 *
 * <p>The maps of the store contain bytes, not documents. So a page is read without decoding all of its documents, and
 * no caller can change a document that the store will write.
 */
final class Bson {

    private static final int USUAL_SIZE = 512;

    private Bson() {}

    static byte[] encode(Document document) {
        var buffer = Unpooled.buffer(USUAL_SIZE);
        BsonEncoder.encodeDocument(document, buffer);
        var bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes);
        return bytes;
    }

    static Document decode(byte[] bytes) {
        return BsonDecoder.decodeBson(Unpooled.wrappedBuffer(bytes));
    }
}
