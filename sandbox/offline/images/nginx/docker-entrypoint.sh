#!/bin/sh
# The official entrypoint prepares its default configuration first; a job that brings its own needs none of that.
exec "$@"
