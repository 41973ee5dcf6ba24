package io.perch.keycloak.request;

import jakarta.ws.rs.core.Cookie;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.keycloak.http.FormPartValue;
import org.keycloak.http.HttpRequest;

/** The request as Keycloak's endpoints and authenticators want it: with a form in place of its own body. */
public final class FormRequest implements HttpRequest {

    private final HttpRequest request;
    private final MultivaluedMap<String, String> form;
    private final Set<String> hidden;

    private FormRequest(HttpRequest request, MultivaluedMap<String, String> form, Set<String> hidden) {
        this.request = request;
        this.form = form;
        this.hidden = hidden;
    }

    /** The request with this form. */
    public static FormRequest of(HttpRequest request, MultivaluedMap<String, String> form) {
        return new FormRequest(request, form, Set.of());
    }

    /**
     * The request with this form, and without cookies and the header {@code Authorization}: nobody is signed in by what a browser
     * or a proxy has added.
     */
    public static FormRequest withoutCredentials(HttpRequest request, MultivaluedMap<String, String> form) {
        return new FormRequest(request, form, Set.of(HttpHeaders.COOKIE, HttpHeaders.AUTHORIZATION));
    }

    @Override
    public MultivaluedMap<String, String> getDecodedFormParameters() {
        return form;
    }

    @Override
    public MultivaluedMap<String, FormPartValue> getMultiPartFormParameters() {
        return new MultivaluedHashMap<>();
    }

    @Override
    public HttpHeaders getHttpHeaders() {
        return new FormHeaders(request.getHttpHeaders(), hidden);
    }

    @Override
    public String getHttpMethod() {
        return request.getHttpMethod();
    }

    @Override
    public X509Certificate[] getClientCertificateChain() {
        return request.getClientCertificateChain();
    }

    @Override
    public UriInfo getUri() {
        return request.getUri();
    }

    @Override
    public boolean isProxyTrusted() {
        return request.isProxyTrusted();
    }

    /** The request's headers, but for the content type and what is hidden. */
    private record FormHeaders(HttpHeaders headers, Set<String> hidden) implements HttpHeaders {

        FormHeaders {
            Set<String> ignoringCase = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
            ignoringCase.addAll(hidden);
            hidden = ignoringCase;
        }

        @Override
        public MediaType getMediaType() {
            return MediaType.APPLICATION_FORM_URLENCODED_TYPE;
        }

        @Override
        public List<String> getRequestHeader(String name) {
            return hidden.contains(name) ? List.of() : headers.getRequestHeader(name);
        }

        @Override
        public @Nullable String getHeaderString(String name) {
            return hidden.contains(name) ? null : headers.getHeaderString(name);
        }

        @Override
        public MultivaluedMap<String, String> getRequestHeaders() {
            if (hidden.isEmpty()) {
                return headers.getRequestHeaders();
            }
            MultivaluedMap<String, String> shown = new MultivaluedHashMap<>(headers.getRequestHeaders());
            shown.keySet().removeIf(hidden::contains);
            return shown;
        }

        @Override
        public List<MediaType> getAcceptableMediaTypes() {
            return headers.getAcceptableMediaTypes();
        }

        @Override
        public List<Locale> getAcceptableLanguages() {
            return headers.getAcceptableLanguages();
        }

        @Override
        public Locale getLanguage() {
            return headers.getLanguage();
        }

        @Override
        public Map<String, Cookie> getCookies() {
            return hidden.contains(HttpHeaders.COOKIE) ? Map.of() : headers.getCookies();
        }

        @Override
        public Date getDate() {
            return headers.getDate();
        }

        @Override
        public int getLength() {
            return headers.getLength();
        }
    }
}
