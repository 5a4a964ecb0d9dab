#!/usr/bin/env bash
# Chromium and PostgreSQL for the tests: found, or installed when we may, or named in one line.
set -eu

install() {
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing $* …"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
  else
    echo "The tests need: $*. Install them, for example: sudo apt-get install $*" >&2
  fi
}

if ! command -v chromium >/dev/null && ! command -v google-chrome >/dev/null \
  && [ -z "${REFERRAL_HUB_TEST_CHROMIUM:-}" ]; then
  install chromium
fi

if [ -z "${REFERRAL_HUB_TEST_POSTGRES_BIN:-}" ]; then
  if ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && ! command -v initdb >/dev/null; then
    install postgresql postgresql-postgis
  elif ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 \
    && ! ls /usr/share/postgresql/*/extension/postgis.control >/dev/null 2>&1; then
    install postgresql-postgis
  fi
fi
