/**
 * The HTTP port: limits, security headers, and every answer that is a problem. It owns the server
 * and nothing that is said on it: routes are mounted by whoever offers them. All of it runs on one
 * event loop, so nothing here may block. Read {@link dev.tallystick.verticles.http.HttpVerticle},
 * then {@link dev.tallystick.verticles.http.Problem}, which every route answers its refusals with.
 */
@NullMarked
package dev.tallystick.verticles.http;

import org.jspecify.annotations.NullMarked;
