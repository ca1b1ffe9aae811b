# Finds a JDK 25. For bash scripts to source: usermem, build/google-java-format and .ci/run.

# Succeeds when the directory holds a JDK 25. Reads its release file; starts a process only where
# there is none.
is_jdk25() {
  [[ -x $1/bin/java && -x $1/bin/javac ]] || return 1
  local line
  if [[ -r $1/release ]]; then
    while IFS= read -r line || [[ -n $line ]]; do
      if [[ $line == JAVA_VERSION=* ]]; then
        line=${line#*=}
        line=${line//\"/}
        [[ $line == 25 || $line == 25[.+-]* ]]
        return
      fi
    done <"$1/release"
  fi
  line=$("$1/bin/java" -version 2>&1) || return 1
  [[ $line == *'version "25'[.\"+-]* ]]
}

# Sets jdk to the home of a JDK 25, looking at JAVA_HOME, PATH and where JDKs are usually installed.
find_jdk25() {
  local home javac
  if [[ -n ${JAVA_HOME:-} ]] && is_jdk25 "$JAVA_HOME"; then jdk=$JAVA_HOME; return; fi
  if javac=$(type -P javac) && javac=$(readlink -f -- "$javac") && is_jdk25 "${javac%/bin/*}"; then
    jdk=${javac%/bin/*}
    return
  fi
  local user=${HOME:-/root}
  for home in /usr/lib/jvm/* /usr/lib64/jvm/* /usr/local/lib/jvm/* /usr/java/* /opt/jdk* /opt/java/* \
    "$user"/.jdks/* "$user"/.sdkman/candidates/java/* "$user"/.local/share/mise/installs/java/* \
    "$user"/.asdf/installs/java/* "$user"/.jenv/versions/* "$user"/.gradle/jdks/* "$user"/.m2/jdks/*; do
    if is_jdk25 "$home"; then jdk=$home; return; fi
  done
  printf '%s: found no JDK 25. Install one (for example openjdk-25-jdk or temurin-25-jdk), or set JAVA_HOME to it.\n' \
    "${0##*/}" >&2
  return 1
}
