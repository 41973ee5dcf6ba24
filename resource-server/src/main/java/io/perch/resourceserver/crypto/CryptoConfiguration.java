package io.perch.resourceserver.crypto;

import java.security.GeneralSecurityException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class CryptoConfiguration {

    @Bean
    Sealer sealer(EncryptionProperties properties) throws GeneralSecurityException {
        return new Sealer(new KeysetSource(properties).load(), FernetKeys.parse(properties.fernetKeys()));
    }
}
