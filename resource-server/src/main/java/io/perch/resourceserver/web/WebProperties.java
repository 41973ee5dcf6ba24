package io.perch.resourceserver.web;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the HTTP layer.
 *
 * @param frontendUrl the origins whose pages may call this API from a browser (CORS); empty for none
 * @param allowedHosts the host names of this server, such as {@code api.example.com} or {@code *.example.com}; empty or {@code *}
 *     for all
 * @param maxBody the largest request body that is accepted
 */
@Validated
@ConfigurationProperties("perch.web")
public record WebProperties(
        @DefaultValue List<String> frontendUrl,
        @DefaultValue List<String> allowedHosts,
        @DefaultValue("16KB") DataSize maxBody) {}
