# Reads what Maven prints in batch mode, and prints what a user of ./perch wants to know: how much is downloaded, which module is built,
# and errors. Maven's exit code is the number after "maven-exit-code " in the last line.
#
# first: 1 at the first build, which shows its modules also if it downloads nothing
# total: about how many megabytes a build into an empty Maven repository downloads

function say(text) {
    print "[perch] " text
    fflush()
}

function megabytes(number, unit) {
    return unit == "GB" ? number * 1000 : unit == "MB" ? number : unit == "kB" ? number / 1000 : number / 1000000
}

BEGIN { status = 1; shown = 0; step = 50 }

# Codes of colors
{ gsub(/\033\[[0-9;]*m/, "") }

/^maven-exit-code / { status = $2; next }

/^\[INFO\] Downloading from .*\/keycloak-quarkus-dist-.*\.zip$/ { say("downloading Keycloak, the largest file"); next }

/^\[INFO\] Downloaded from / {
    # ... (7.1 kB at 10 kB/s)
    if (match($0, /\([0-9.]+ [kMG]?B at /)) {
        split(substr($0, RSTART + 1, RLENGTH - 1), size, " ")
        downloaded += megabytes(size[1], size[2])
    }
    if (downloaded >= shown + step) {
        shown = int(downloaded / step) * step
        say("downloaded " shown " MB of at most " total " MB")
    }
    next
}

# Building Perch Web Console 0.1.0-SNAPSHOT      [3/4]
/^\[INFO\] Building .*\[[0-9]+\/[0-9]+\]$/ {
    if (first || downloaded >= 1) {
        counted = $NF
        gsub(/[][]/, "", counted)
        sub(/\//, " of ", counted)
        sub(/^\[INFO\] Building /, "")
        sub(/ [^ ]+ +\[[0-9]+\/[0-9]+\]$/, "")
        say("building " $0 " (" counted ")")
    }
    next
}

/^\[(INFO|WARNING|DEBUG)\]/ { next }

/^[ \t]*$/ { next }

{ print; fflush() }

END { exit status }
