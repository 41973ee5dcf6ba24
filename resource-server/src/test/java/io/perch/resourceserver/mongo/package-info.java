@NullMarked
package io.perch.resourceserver.mongo;

import org.jspecify.annotations.NullMarked;
