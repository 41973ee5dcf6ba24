package io.perch.systemtests.client;

/** A user that a test made for itself; its e-mail address counts as verified. */
public record TestUser(String id, String username, String password) {}
