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
 * The console's own files. Their path has a hash of all files, so a new version has new addresses, and browsers cache
 * the files for a year. There is one hash for all files, because modules import each other by relative addresses.
 */
@Component
class Assets {

    static final String LOCATION = "classpath:/console/";

    private static final int HASH_LENGTH = 16;

    private final String path;

    Assets() throws IOException {
        path = "/assets/" + hash();
    }

    /** Returns the path of the files, without a slash at its end. */
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
            // Every Java has SHA-256
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
