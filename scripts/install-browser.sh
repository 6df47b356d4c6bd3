#!/usr/bin/env bash
# Installs Chromium and ChromeDriver by package name when they are missing (Debian, Ubuntu).
# On other systems it says what to install. Nothing is downloaded from elsewhere.
set -euo pipefail

have_driver() { command -v chromedriver >/dev/null 2>&1; }
have_browser() {
  local path
  for path in /usr/lib/chromium/chromium-headless-shell "$(command -v chromium-headless-shell || true)" \
    "$(command -v chromium || true)" "$(command -v chromium-browser || true)" "$(command -v google-chrome || true)"; do
    [ -n "$path" ] && [ -x "$path" ] && return 0
  done
  return 1
}

if have_driver && have_browser; then
  exit 0
fi

if ! command -v apt-get >/dev/null 2>&1; then
  cat >&2 <<'TEXT'
AgentArena needs Chromium and a ChromeDriver of the same version, and finds none. Install:
  Fedora         sudo dnf install chromium chromium-headless chromedriver
  Arch           sudo pacman -S chromium
  openSUSE       sudo zypper install chromium chromedriver
  Alpine         sudo apk add chromium chromium-chromedriver
  macOS          brew install --cask chromium && brew install chromedriver
Then run this command again. `agentarena doctor` says what is found.
TEXT
  exit 1
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null 2>&1; then
    echo "Chromium and ChromeDriver are missing. As root: apt-get install chromium-headless-shell chromium-driver" >&2
    exit 1
  fi
  as_root=(sudo)
fi

echo "Installing Chromium and ChromeDriver (apt-get)."
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
# The headless shell starts about three times faster; older releases have the full browser only,
# and Ubuntu names both packages differently.
for packages in "chromium-headless-shell chromium-driver" "chromium chromium-driver" "chromium-browser chromium-chromedriver"; do
  # shellcheck disable=SC2086 # two package names
  if "${as_root[@]}" apt-get install -y -qq --no-install-recommends $packages >/dev/null; then
    break
  fi
done

if have_driver && have_browser; then
  exit 0
fi
echo "apt-get did not bring Chromium and ChromeDriver. Install them by hand; \`agentarena doctor\` says what is found." >&2
exit 1
