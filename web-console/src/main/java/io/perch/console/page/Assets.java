package io.perch.console.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.stereotype.Component;

/**
 * The console's own files, below a path that has the hash of all of them: browsers keep them for a year, and a new version has other
 * addresses. One hash for all, because modules import each other by relative addresses.
 */
@Component
class Assets {

    static final String LOCATION = "classpath:/console/";

    private static final int HASH_LENGTH = 16;

    private final String path;

    Assets() throws IOException {
        path = "/assets/" + hash();
    }

    /** Returns the path below which they are, without a slash at its end. */
    String path() {
        return path;
    }

    private static String hash() throws IOException {
        Resource[] files = new PathMatchingResourcePatternResolver().getResources(LOCATION + "**/*.*");
        MessageDigest digest = sha256();
        Arrays.stream(files)
                .sorted(Comparator.comparing(file -> url(file)))
                .forEach(file -> digest.update(content(file)));
        return HexFormat.of().formatHex(digest.digest()).substring(0, HASH_LENGTH);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            // Every Java has it
            throw new IllegalStateException(e);
        }
    }

    private static String url(Resource file) {
        try {
            return file.getURL().toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] content(Resource file) {
        try {
            return file.getContentAsByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
