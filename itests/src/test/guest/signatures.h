/*
 * What the calls of x86-64 take, one letter an argument; W first: the call may wait.
 *
 *   f descriptor   d directory     p memory          q memory or null   s path or string
 *   l length       o offset        n flags           i integer          u any bits
 *   t times        v iovec         P process         g signal           a page
 *   z whole pages  m protection    x mapping flags   8 size of a signal set
 */
static const char *const signatures[] = {
  [0] = "fpl", "fpl", "snn", "f", "sp", "fp", "sp", "Wpii", "foi", "azmxfo",
  [10] = "azm", "az", "a", "gqq8", "iqq8", "", "fnp", "fplo", "fplo", "fvi",
  [20] = "fvi", "si", "p", "Wipppt", "", "azzna", "azi", "azp", "azi", "izn",
  [30] = "ian", "iip", "f", "ff", "W", "Wtq", "ip", "i", "itq", "",
  [40] = "ffql", "iii", "fpl", "Wfpp", "fplnpl", "fplnpp", "fpn", "fpn", "fi", "fpl",
  [50] = "fi", "fpp", "fpp", "iiip", "fiipl", "fiipp", "", "", "", "spp",
  [60] = "i", "WPqnq", "Pg", "p", "iin", "ipi", "iiip", "p", "in", "ipln",
  [70] = "iplin", "iip", "Wfip", "Wfn", "f", "f", "so", "fo", "fpl", "pl",
  [80] = "s", "f", "ss", "si", "s", "si", "ss", "s", "ss", "spl",
  [90] = "si", "fi", "sii", "fii", "sii", "i", "pp", "ip", "ip", "p",
  [100] = "p", "iPpp", "", "ipi", "", "i", "i", "", "", "PP",
  [110] = "", "", "", "ii", "ii", "ip", "ip", "iii", "ppp", "iii",
  [120] = "ppp", "P", "i", "i", "P", "pq", "pq", "p8", "Wpqt8", "Pgp",
  [130] = "Wp8", "qq", "sp", "sii", "s", "n", "ip", "sp", "fp", "iii",
  [140] = "iP", "iPi", "Pp", "Pp", "Pip", "P", "i", "i", "Pp", "az",
  [150] = "az", "n", "", "", "ipl", "ss", "p", "iuuuu", "iu", "p",
  [160] = "ip", "s", "", "s", "pp", "sssns", "sn", "sn", "s", "iiis",
  [170] = "pl", "pl", "i", "iii", "", "pls", "sn", 0, 0, "isip",
  [186] = "", "fol", "sspln", "sspln", "fspln", "sspl", "sspl", "fspl", "spl", "spl",
  [196] = "fpl", "ss", "ss", "fs", "Pg", "p", "Wpiitpi", "Plp", "Plp", 0,
  [206] = "ip", "u", "Wuiipt", "upp", "upp", 0, "ipi", "i", 0, 0,
  [216] = "azini", "fpl", "p", "", "Wipit", "fooi", "ipp", "intq", "ip", "i",
  [226] = "i", "ip", "ip", "ip", "Winpq", "i", "Wfpii", "fifp", "PPg", "sp",
  [236] = 0, "azipin", "ipi", "ppian", "snip", "s", "Wiplit", "Wiplit", "ip", "ipp",
  [246] = "", "WiPpnq", "sspli", "sspi", "iiiii", "iPi", "iP", "", "fsn", "fi",
  [256] = "Pipp", "dsnn", "dsi", "dsii", "dsiin", "dsp", "dspn", "dsn", "dsds", "dsdsn",
  [266] = "sds", "dspl", "dsi", "dsi", "Wipppt", "Wpitp8", "n", "pl", "Ppp", "fqfqln",
  [276] = "ffln", "fooi", "fvin", "Plpppn", "dstn", "Wfpiip8", "fp8", "in", "i", "fioo",
  [286] = "fitq", "fp", "fppn", "fp8n", "in", "n", "ffn", "pn", "n", "fvio",
  [296] = "fvio", "PPgp", "pPifn", "fpint", "nn", "inPfs", "Piqq", "dsppn", "fpn", "ip",
  [306] = "f", "fpin", "fn", "ppp", "Pvivin", "Pvivin", "PPiuu", "fsn", "Ppn", "Ppin",
  [316] = "dsdsn", "inp", "pln", "sn", "ffllp", "ipl", "dsppn", "n", "inn", "azn",
  [326] = "fqfqln", "fvioun", "fvioun", "azmi", "nu", "i", "dsnnp", "Wipiptp", "plni", 0,
  [424] = "fgqn", "ip", "fiinp", "fipi", "dsn", "dsdsn", "sn", "fissi", "fnn", "dsn",
  [434] = "Pn", "pl", "iin", "dspl", "fin", "dsin", "fvlin", "Wfpitp8", "dsnpl", "nspn",
  [444] = "pln", "finp", "fn", "n", "fn", "Wpintn", "azin", "dsipn", "dsin", "az",
  [454] = "pinn", "pinnti", "ppninp", "pppl", "ppin", "ipnp", "ipn", "ppn", "azn", "dssplp",
  [468] = 0, 0, 0,
};
#define SIGNATURES (sizeof signatures / sizeof *signatures)
