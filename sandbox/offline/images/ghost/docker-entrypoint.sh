#!/bin/sh
# Before Ghost starts: gives the content to the user "node", becomes that user, and puts the folders and themes that
# came with Ghost where the content has none. Any other command is run as it is.
set -eu
case "$*" in
  node*current/index.js*) ;;
  *) exec "$@" ;;
esac

if [ "$(id -u)" = 0 ]; then
  find "$GHOST_CONTENT" ! -user node -exec chown node {} +
  exec gosu node "$0" "$@"
fi

original=$GHOST_INSTALL/content.orig
for folder in "$original"/* "$original"/themes/*; do
  target=$GHOST_CONTENT/${folder#"$original"/}
  [ -e "$target" ] || cp -R "$folder" "$target"
done

exec "$@"
