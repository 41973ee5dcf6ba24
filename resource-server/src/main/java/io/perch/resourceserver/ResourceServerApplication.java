package io.perch.resourceserver;

import io.perch.resourceserver.crypto.Keysets;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts the resource server, or prints a new encryption keyset when asked to. */
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
public class ResourceServerApplication {

    /**
     * Starts the server.
     *
     * @param args {@code generate-keyset} prints a new keyset for {@code ENCRYPTION_KEYSET} and ends; everything else
     *     is left to Spring Boot
     */
    public static void main(String[] args) {
        if (List.of(args).equals(List.of("generate-keyset"))) {
            System.out.println(Keysets.generate());
            return;
        }
        SpringApplication.run(ResourceServerApplication.class, args);
    }
}
