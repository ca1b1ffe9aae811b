# Makes a table of lines "column, tab, measure, tab, nanoseconds": the median of each, and how
# usermem stands to the kernel of the host and to runsc.

BEGIN {
  FS = "\t"
  count = split(columns, column, " ")
  # What systrap may take at most: so many times what runsc takes, or "native".
  target["getppid"] = target["write 4 KiB to /dev/null"] = 0.15
  target["touch 64 MiB, a page"] = "native"
  target["echo hi"] = 1
  target["sh: ten times /bin/true"] = 0.8
  target["sqlite3: 200,000 rows"] = target["perl: 200,000 keys"] = 0.5
  target["python3: json and sum"] = 0.4
  target["find, xargs cat, wc"] = 0.3
  other_target = 0.4
}

{
  if (!($2 in seen)) {
    seen[$2] = 1
    measure[++measures] = $2
  }
  times[$1, $2] = times[$1, $2] " " $3
}

# The median of numbers in a string.
function median(text, sorted, n, i, j, swap) {
  n = split(text, sorted, " ")
  if (n == 0) return ""
  for (i = 2; i <= n; i++)
    for (j = i; j > 1 && sorted[j - 1] + 0 > sorted[j] + 0; j--) {
      swap = sorted[j]
      sorted[j] = sorted[j - 1]
      sorted[j - 1] = swap
    }
  return n % 2 ? sorted[(n + 1) / 2] : (sorted[n / 2] + sorted[n / 2 + 1]) / 2
}

function time(ns) {
  if (ns == "") return "-"
  if (ns < 1000) return sprintf("%d ns", ns)
  if (ns < 1000000) return sprintf("%.3g us", ns / 1000)
  if (ns < 1000000000) return sprintf("%.3g ms", ns / 1000000)
  return sprintf("%.3g s", ns / 1000000000)
}

function ratio(ns, to) {
  return ns == "" || to == "" || to == 0 ? "-" : sprintf("%.2f", ns / to)
}

# What is wanted of systrap, and whether it is so.
function judged(name, ours, native, runsc, bound, to) {
  bound = name in target ? target[name] : other_target
  to = bound == "native" ? native : runsc
  if (ours == "" || to == "") return "- | -"
  if (bound == "native") return "1 x native | " (ours <= native ? "yes" : "no")
  return bound " x runsc | " (ours <= bound * runsc ? "yes" : "no")
}

END {
  line = "| measure"
  rule = "|---"
  for (i = 1; i <= count; i++) {
    line = line " | " column[i]
    rule = rule "|---"
  }
  print line " | systrap/native | systrap/runsc | ptrace/runsc | target | met |"
  print rule "|---|---|---|---|---|"
  for (m = 1; m <= measures; m++) {
    name = measure[m]
    line = "| " name
    for (i = 1; i <= count; i++) {
      value[column[i]] = median(times[column[i], name])
      line = line " | " time(value[column[i]])
    }
    print line " | " ratio(value["systrap"], value["native"]) " | " \
      ratio(value["systrap"], value["runsc"]) " | " ratio(value["ptrace"], value["runsc"]) " | " \
      judged(name, value["systrap"], value["native"], value["runsc"]) " |"
  }
}
