package io.perch.resourceserver.crypto;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.aead.AeadConfig2026;
import java.security.GeneralSecurityException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class CryptoConfiguration {

    @Bean
    Sealer sealer(EncryptionProperties properties) throws GeneralSecurityException {
        return new Sealer(new KeysetSource(properties).load().getPrimitive(AeadConfig2026.get(), Aead.class));
    }
}
