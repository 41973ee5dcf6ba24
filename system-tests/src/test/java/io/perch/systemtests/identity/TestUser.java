package io.perch.systemtests.identity;

/** A user that a test made for itself; its e-mail address counts as verified. */
record TestUser(String id, String username, String password) {}
