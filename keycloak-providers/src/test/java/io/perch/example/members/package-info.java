/**
 * An extension of somebody else: an authenticator and a required action, and how they work without a browser. The
 * tests' server has it as a jar of its own. The guide shows {@link io.perch.example.members.MemberNumberStep}.
 */
@NullMarked
package io.perch.example.members;

import org.jspecify.annotations.NullMarked;
