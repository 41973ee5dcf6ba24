package io.perch.systemtests.client;

/** A user that was created for one test. The e-mail address is verified. */
public record TestUser(String id, String username, String password) {}
