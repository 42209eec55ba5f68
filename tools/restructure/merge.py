"""Merge/move modules by plan. usage: merge.py ROOT PLAN [--write]
PLAN lines:  new.module: old.module old.module …     (whole modules, in order; imports decide the order of sections)
             sym old.module:NAME -> new.module        (one top-level symbol)
             ren old.module:NAME -> NEWNAME           (rename a top-level symbol)
             order new.module: old old …              (forces the section order)
"""
import ast, sys, re, collections, pathlib, argparse, subprocess, builtins

ap = argparse.ArgumentParser(); ap.add_argument("root"); ap.add_argument("plan"); ap.add_argument("--write", action="store_true"); ap.add_argument("--quiet", action="store_true")
opt = ap.parse_args()
ROOT = pathlib.Path(opt.root).resolve()
LAYERS = "bot domain formats handlers jobs locales reports services simulator storage web extensions".split()
ALL = [*LAYERS, "tests", "benchmarks", "faults"]
report = collections.defaultdict(list)

def modname(path):
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    if parts[-1] == "__init__": parts.pop()
    return ".".join(parts)

class Mod: pass
mods = {}
files = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True).stdout.split()
for f in files:
    if f.split("/")[0] not in ALL: continue
    p = ROOT / f
    if not p.exists(): continue
    m = Mod(); m.path = p; m.name = modname(p); m.is_pkg = p.name == "__init__.py"
    m.src = p.read_bytes(); m.tree = ast.parse(m.src)
    m.lines = m.src.split(b"\n"); off = [0]
    for l in m.lines: off.append(off[-1] + len(l) + 1)
    m.off = off
    mods[m.name] = m
PKGS = set()
for n in mods:
    parts = n.split(".")
    for i in range(1, len(parts)): PKGS.add(".".join(parts[:i]))

def is_project(n): return n in mods or n in PKGS

def pos(m, line, col): return m.off[line - 1] + col

# ---- statements and bindings
class Stmt: pass
def names_defined(node):
    out = []
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)): return [node.name]
    def targets(t):
        if isinstance(t, ast.Name): out.append(t.id)
        elif isinstance(t, (ast.Tuple, ast.List)):
            for e in t.elts: targets(e)
        elif isinstance(t, ast.Starred): targets(t.value)
    for sub in ast.walk(node) if isinstance(node, (ast.If, ast.Try, ast.With, ast.For)) else [node]:
        if isinstance(sub, ast.Assign):
            for t in sub.targets: targets(t)
        elif isinstance(sub, (ast.AnnAssign, ast.AugAssign)): targets(sub.target)
        elif isinstance(sub, ast.For): targets(sub.target)
        elif isinstance(sub, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and sub is not node: out.append(sub.name)
        elif isinstance(sub, (ast.Import, ast.ImportFrom)) and sub is not node:
            for a in sub.names: out.append((a.asname or a.name).split(".")[0])
    return out

def is_typing_if(node):
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING" and not node.orelse and all(isinstance(x, (ast.Import, ast.ImportFrom)) for x in node.body)

for m in mods.values():
    m.stmts, m.bind, m.doc, m.imports = [], {}, None, []
    body = m.tree.body
    if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant) and isinstance(body[0].value.value, str):
        m.doc = body[0]; body = body[1:]
    m.defs = {}
    m.first_line = None
    for node in body:
        if isinstance(node, (ast.Import, ast.ImportFrom)): m.imports.append((node, False)); continue
        if is_typing_if(node):
            for x in node.body: m.imports.append((x, True))
            m.typing_if = node
            continue
        s = Stmt(); s.node = node; s.mod = m; s.defs = names_defined(node)
        start = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
        s.start, s.end = start, node.end_lineno
        for n in s.defs: m.defs.setdefault(n, s)
        m.stmts.append(s)
    # two statements on one line (a; b) unsupported
    # leading comments
    used = set()
    for n in [m.doc, *(i for i, _ in m.imports), getattr(m, "typing_if", None)]:
        if n is not None: used |= set(range(n.lineno, n.end_lineno + 1))
    for s in m.stmts: used |= set(range(s.start, s.end + 1))
    for s in m.stmts:
        k = s.start
        while k - 1 >= 1 and (k - 1) not in used and m.lines[k - 2].strip().startswith(b"#"): k -= 1
        # comments separated by blank line above belong too (section comments)
        while True:
            j = k - 1
            while j >= 1 and j not in used and not m.lines[j - 1].strip(): j -= 1
            if j >= 1 and j not in used and m.lines[j - 1].strip().startswith(b"#"):
                while j - 1 >= 1 and (j - 1) not in used and m.lines[j - 2].strip().startswith(b"#"): j -= 1
                k = j
            else: break
        s.lead = k
        used |= set(range(k, s.start))
    for i in range(1, len(m.lines) + 1):
        if i not in used and m.lines[i - 1].strip(): report["lost line"].append(f"{m.name}:{i} {m.lines[i-1].decode()!r}")
    for node, typ in m.imports:
        if b"#" in m.src[pos(m, node.lineno, 0):m.off[node.end_lineno]]: report["import comment"].append(f"{m.name}:{node.lineno} {m.lines[node.lineno-1].decode().strip()}")
        if isinstance(node, ast.Import):
            for a in node.names:
                if a.asname: m.bind[a.asname] = (("mod", a.name) if is_project(a.name) else ("ext", a.name, None), typ)
                else:
                    top = a.name.split(".")[0]
                    m.bind.setdefault(top, (("mod", top) if is_project(top) else ("ext", top, None), typ))
                    if "." in a.name: m.bind["import " + a.name] = (("plain", a.name), typ)
        else:
            assert node.level == 0, m.name
            for a in node.names:
                m.bind[a.asname or a.name] = (("from", node.module, a.name), typ)

def resolve(modn, name, depth=0):
    """target of a global name in module: ('def', mod, name) | ('mod', mod) | ('ext', module, name|None) | None"""
    m = mods.get(modn)
    if m is None: 
        return ("mod", modn + "." + name) if is_project(modn + "." + name) else None
    if name in m.defs: return ("def", modn, name)
    if name in m.bind:
        b = m.bind[name][0]
        if b[0] == "from":
            _, src, nm = b
            if is_project(src):
                r = None
                if src in mods and src != modn:
                    if nm in mods[src].defs: return ("def", src, nm)
                    if is_project(src + "." + nm): return ("mod", src + "." + nm)
                    r = resolve(src, nm, depth + 1)
                elif is_project(src + "." + nm): return ("mod", src + "." + nm)
                if r is None: report["unresolved"].append(f"{modn}: from {src} import {nm}")
                return r
            return ("ext", src, nm)
        return b
    if is_project(modn + "." + name): return ("mod", modn + "." + name)
    return None

# ---- plan
home, ren, order, newdoc = {}, {}, {}, {}
symhome = {}
for line in open(opt.plan):
    line = line.split("#")[0].strip()
    if not line: continue
    if line.startswith("ren "):
        a, b = line[4:].split("->"); mo, nm = a.strip().split(":"); ren[mo, nm] = b.strip(); continue
    if line.startswith("sym "):
        a, b = line[4:].split("->"); mo, nm = a.strip().split(":"); symhome[mo, nm] = b.strip(); continue
    new, olds = line.split(":", 1); new = new.strip()
    for o in olds.split():
        if o not in mods: report["plan: no such module"].append(o); continue
        if o in home: report["plan: twice"].append(o)
        home[o] = new
for n in mods: home.setdefault(n, n)
def home_of(modn, name): return symhome.get((modn, name)) or home[modn]

# ---- scope analysis: references to module globals
class Refs(ast.NodeVisitor):
    def __init__(self, m):
        self.m = m; self.refs = []; self.scopes = []  # each scope: (kind, locals set, imports dict)
        self.fimports = []; self.strings = []; self.all_locals = set()
    def lookup(self, name):
        for i, (kind, loc, imps) in enumerate(reversed(self.scopes)):
            if kind == "class" and i != 0: continue
            if name in loc: return ("local", imps.get(name))
        return ("global", None)
    def enclosing(self):
        s = set()
        for i, (kind, loc, imps) in enumerate(reversed(self.scopes)):
            if kind == "class" and i != 0: continue
            s |= loc
        return s
    def visit_Name(self, node):
        k, imp = self.lookup(node.id)
        if k == "global": self.refs.append(("name", node, self.enclosing()))
    def visit_Global(self, node): report["global stmt"].append(f"{self.m.name}:{node.lineno}"); 
    def visit_Attribute(self, node):
        # chain base
        base = node.value
        if isinstance(base, ast.Name):
            k, imp = self.lookup(base.id)
            if k == "global": self.refs.append(("attr", node, self.enclosing())); return
            if imp: self.refs.append(("localattr", node, imp)); return
            return
        self.visit(base)
    def visit_Constant(self, node):
        if isinstance(node.value, str): self.strings.append(node)
    def bound(self, nodes, is_class=False):
        names, imps, glob = set(), {}, set()
        def walk(n):
            if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                names.add(n.name)
                for d in n.decorator_list: walk(d)
                return
            if isinstance(n, ast.Lambda): return
            if isinstance(n, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
                for sub in ast.walk(n):
                    if isinstance(sub, ast.NamedExpr): names.add(sub.target.id)
                return
            if isinstance(n, ast.Name) and isinstance(n.ctx, (ast.Store, ast.Del)): names.add(n.id)
            if isinstance(n, ast.AnnAssign) and n.value is None and isinstance(n.target, ast.Name):
                if not is_class: names.add(n.target.id)
                return
            if isinstance(n, ast.ExceptHandler) and n.name: names.add(n.name)
            if isinstance(n, (ast.MatchAs, ast.MatchStar)) and n.name: names.add(n.name)
            if isinstance(n, ast.MatchMapping) and n.rest: names.add(n.rest)
            if isinstance(n, (ast.Global,)): glob.update(n.names)
            if isinstance(n, ast.Import):
                for a in n.names:
                    nm = a.asname or a.name.split(".")[0]; names.add(nm)
                    if is_project(a.name) and a.asname: imps[nm] = a.name
                self.fimports.append(n); return
            if isinstance(n, ast.ImportFrom):
                for a in n.names:
                    nm = a.asname or a.name; names.add(nm)
                    if is_project(n.module) :
                        t = resolve_from(n.module, a.name)
                        if t and t[0] == "mod": imps[nm] = t[1]
                self.fimports.append(n); return
            for c in ast.iter_child_nodes(n): walk(c)
        for n in nodes: walk(n)
        return names - glob, imps
    def _func(self, node):
        for d in getattr(node, "decorator_list", []): self.visit(d)
        a = node.args
        for d in [*a.defaults, *(x for x in a.kw_defaults if x)]: self.visit(d)
        args = [*a.posonlyargs, *a.args, *a.kwonlyargs, *([a.vararg] if a.vararg else []), *([a.kwarg] if a.kwarg else [])]
        for x in args:
            if getattr(x, "annotation", None): self.visit(x.annotation)
        if getattr(node, "returns", None): self.visit(node.returns)
        body = node.body if isinstance(node.body, list) else [node.body]
        loc, imps = self.bound(body)
        loc |= {x.arg for x in args}
        self.scopes.append(("func", loc, imps))
        for b in body: self.visit(b)
        self.scopes.pop()
    visit_FunctionDef = visit_AsyncFunctionDef = visit_Lambda = _func
    def visit_ClassDef(self, node):
        for d in node.decorator_list: self.visit(d)
        for b in node.bases: self.visit(b)
        for k in node.keywords: self.visit(k.value)
        loc, imps = self.bound(node.body, True)
        self.scopes.append(("class", loc, imps))
        for b in node.body: self.visit(b)
        self.scopes.pop()
    def visit_AnnAssign(self, node):
        if node.value: self.visit(node.value)
        if self.scopes and self.scopes[-1][0] == "class" and node.value is None and isinstance(node.target, ast.Name):
            pass
        else: self.visit(node.target)
        self.visit(node.annotation)
    def _comp(self, node):
        gens = node.generators
        self.visit(gens[0].iter)
        loc = set()
        for g in gens:
            for n in ast.walk(g.target):
                if isinstance(n, ast.Name): loc.add(n.id)
        self.scopes.append(("func", loc, {}))
        for i, g in enumerate(gens):
            self.visit(g.target)
            if i: self.visit(g.iter)
            for c in g.ifs: self.visit(c)
        if isinstance(node, ast.DictComp): self.visit(node.key); self.visit(node.value)
        else: self.visit(node.elt)
        self.scopes.pop()
    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comp

def resolve_from(src, nm):
    if src in mods:
        if nm in mods[src].defs: return ("def", src, nm)
        if is_project(src + "." + nm): return ("mod", src + "." + nm)
        return resolve(src, nm)
    if is_project(src + "." + nm): return ("mod", src + "." + nm)
    return None

def refs_of_string(node, m, r):
    pass

for m in mods.values():
    for s in m.stmts:
        v = Refs(m); v.visit(s.node)
        # imports directly in a compound top-level statement (try/if) count as definitions of the module
        s.refs, s.fimports, s.strings = v.refs, v.fimports, v.strings
        if not isinstance(s.node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            for sub in ast.walk(s.node):
                if isinstance(sub, (ast.Import, ast.ImportFrom)) and sub not in s.fimports: s.fimports.append(sub)

# ---- new modules: sections
new_modules = collections.defaultdict(list)   # new -> [(oldmod, [stmts])]
for m in mods.values():
    by = collections.defaultdict(list)
    for s in m.stmts:
        hs = {home_of(m.name, d) for d in s.defs} or {home[m.name]}
        if len(hs) > 1: report["split statement"].append(f"{m.name} {s.defs} {hs}")
        by[sorted(hs)[0]].append(s)
    if not m.stmts: by[home[m.name]] = []
    for h, ss in by.items(): new_modules[h].append((m, ss))

for h in list(new_modules):
    parts = new_modules[h]
    if h.split(".")[0] in LAYERS and h not in LAYERS and all(m.is_pkg and not m.stmts and not m.bind for m, _ in parts):
        new_modules[h] = parts
        if not any(o.startswith(h + ".") and any(mm.stmts for mm, _ in new_modules[o]) for o in new_modules):
            del new_modules[h]; report["stale package"].append(h)
newname = {}
def nn(mo, nm): return newname.get((mo, nm), nm)

def singular(w):
    if w.endswith("ies"): return w[:-3] + "y"
    if w.endswith("sses"): return w[:-2]
    if w.endswith("s") and not w.endswith("ss"): return w[:-1]
    return w
def stem(mo): return singular(mo.rpartition(".")[2])

changed = set()
for h, parts in new_modules.items():
    if len(parts) > 1 or parts[0][0].name != h: changed.add(h)

# order sections by import dependency among the old modules
def imports_of(m):
    out = set()
    for node, typ in m.imports:
        if typ: continue
        if isinstance(node, ast.Import):
            out |= {a.name for a in node.names}
        else:
            for a in node.names:
                out.add(node.module)
                t = resolve_from(node.module, a.name) if is_project(node.module) else None
                if t: out.add(t[1])
    return out
for h, parts in new_modules.items():
    if len(parts) < 2: continue
    names = {m.name for m, _ in parts}
    done, result = set(), []
    deps = {m.name: imports_of(m) & names - {m.name} for m, _ in parts}
    rest = list(parts)
    while rest:
        for i, (m, ss) in enumerate(rest):
            if deps[m.name] <= done: result.append(rest.pop(i)); done.add(m.name); break
        else:
            report["order cycle"].append(f"{h}: {[m.name for m,_ in rest]}"); result += rest; break
    new_modules[h] = result

for (mo, nm), new in ren.items(): newname[mo, nm] = new
# collisions of definitions inside a new module
dropped = set()
for h, parts in new_modules.items():
    if h not in changed: continue
    seen = {}
    for m, ss in parts:
        for s in ss:
            for d in s.defs:
                name = nn(m.name, d)
                if name in seen and seen[name] is not s and seen[name].mod is not m:
                    o = seen[name]
                    a = o.mod.src[pos(o.mod, o.start, 0):o.mod.off[o.end]]; b = m.src[pos(m, s.start, 0):m.off[s.end]]
                    if a.strip() == b.strip() and len(s.defs) == 1:
                        dropped.add(id(s)); report["identical, dropped"].append(f"{h}: {m.name}.{d} = {o.mod.name}.{d}")
                        continue
                    priv = d.startswith("_")
                    upper = d.isupper()
                    st = stem(m.name)
                    if upper: new = ("_" if priv else "") + st.upper() + "_" + d.strip("_")
                    elif d[:1].isupper() or d[1:2].isupper() and priv: new = ("_" if priv else "") + "".join(w.title() for w in st.split("_")) + d.strip("_")
                    else: new = ("_" if priv else "") + st + "_" + d.strip("_") if priv else d + "_" + st
                    k = new
                    while k in seen: k += "_"
                    newname[m.name, d] = k; seen[k] = s
                    report["collision private" if priv else "collision public"].append(f"{h}: {m.name}:{d} -> {k}   (kept by {o.mod.name})")
                else: seen[name] = s

WORD = {"domain": "rules", "services": "service", "storage": "storage", "handlers": "handlers", "formats": "format", "reports": "report", "jobs": "job", "web": "web", "bot": "bot", "locales": "locale", "simulator": "simulator", "tests": "tests", "benchmarks": "benchmarks", "faults": "faults"}
BUILTINS = set(dir(builtins))

def new_target(t):
    """('def', H, name) / ('mod', H, oldmod) / ext"""
    if t is None: return None
    if t[0] == "def": return ("def", home_of(t[1], t[2]), nn(t[1], t[2]))
    if t[0] == "mod": return ("mod", home.get(t[1], t[1]), t[1])
    return t

outputs, graph = {}, collections.defaultdict(set)
def edit(m, lo, hi, edits):
    out, at = [], lo
    for a, b, txt in sorted(edits):
        assert a >= at, (m.name, a, at, txt)
        out.append(m.src[at:a]); out.append(txt.encode()); at = b
    out.append(m.src[at:hi])
    return b"".join(out)

moved_names = set(ren)
def touched(m):
    """does this unmoved module refer to anything moved or renamed?"""
    return True

for h, parts in new_modules.items():
    is_changed = h in changed
    # names defined here
    defined = {}
    for m, ss in parts:
        for s in ss:
            if id(s) in dropped: continue
            for d in s.defs: defined[nn(m.name, d)] = (m.name, d)
    table = {}      # local name -> target (new)
    rev = {}        # (kind, …) -> local name
    typing_only = {}
    avoid = set(BUILTINS)
    for m, ss in parts:
        for s in ss:
            for r in s.refs:
                if r[0] in ("name", "attr"): avoid |= set()  # filled per reference below
    shadow = collections.defaultdict(set)  # target key -> names locally bound where it is used
    wants = {}
    def gather(key, preferred, encl, typ):
        shadow[key] |= encl
        wants.setdefault(key, []).append(preferred)
        typing_only[key] = typing_only.get(key, True) and typ
    pending = []
    for m, ss in parts:
        for s in ss:
            if id(s) in dropped: continue
            for r in s.refs:
                if r[0] == "localattr":
                    pending.append((m, s, r, None)); continue
                kind, node, encl = r
                base = node.id if kind == "name" else node.value.id
                if base in m.defs:
                    t = ("def", m.name, base)
                else:
                    if base not in m.bind:
                        if base not in BUILTINS and base not in ("__file__", "__name__", "__doc__", "__path__", "__spec__", "reveal_type", "__annotations__"):
                            report["unknown name"].append(f"{m.name}:{node.lineno} {base}")
                        elif base in ("__file__", "__name__", "__path__") and m.name != h: report["uses " + base].append(f"{m.name} -> {h}")
                        continue
                    t = resolve(m.name, base)
                    if t is None: continue
                typ = m.bind[base][1] if base in m.bind and base not in m.defs else False
                # follow attribute chains through packages/modules
                full = node if kind == "attr" else None
                if t[0] == "mod" and kind == "attr":
                    # walk up chain a.b.c using parent links is not available: only one attribute here
                    sub = resolve(t[1], node.attr) if t[1] in mods else (("mod", t[1] + "." + node.attr) if is_project(t[1] + "." + node.attr) else None)
                    pending.append((m, s, r, ("modattr", t, sub, typ, base)))
                else:
                    pending.append((m, s, r, ("plain", t, typ, base)))
    edits = collections.defaultdict(list)
    # first pass: choose names
    for m, s, r, what in pending:
        if what is None: continue
        kind, node, encl = r
        if what[0] == "plain":
            _, t, typ, base = what
            n = new_target(t)
            if n[0] == "def":
                if n[1] == h:
                    if n[2] in encl: report["SHADOWED"].append(f"{t[1]}:{t[2]} named {n[2]} in {m.name}:{node.lineno}")
                    continue
                gather(("def", n[1], n[2]), base if base != t[2] else n[2], encl, typ)
            elif n[0] == "mod": gather(("mod", n[1]), base if n[1] == t[1] else n[1].rpartition(".")[2], encl, typ)
            elif n[0] == "ext": gather(("ext", n[1], n[2]), base, encl, typ)
            elif n[0] == "plain": pass
        else:
            _, t, sub, typ, base = what
            n = new_target(sub) if sub else None
            if n and n[0] == "def":
                if n[1] == h:
                    if n[2] in encl: report["SHADOWED"].append(f"{sub[1]}:{sub[2]} named {n[2]} in {m.name}:{node.lineno}")
                    continue
                hm = n[1]
            else: hm = new_target(t)[1]
            if n and n[0] == "ext": hm = home.get(t[1], t[1])
            pref = base if home.get(t[1], t[1]) == t[1] and hm == t[1] else hm.rpartition(".")[2]
            gather(("mod", hm), pref, encl, typ)
    # allocate
    taken = set(defined)
    local = {}
    def free(name, key): 
        return name not in taken and name not in shadow[key] and name not in BUILTINS
    as_module = set()
    forced = {k for k in wants if k[0] == "def" and h.startswith("handlers.") and (k[1] in ("handlers.answers", "handlers.quotations", "handlers.task_buttons") or k[1].startswith("handlers.") and k[1].count(".") == 2 and k[1].split(".")[1] not in ("screens", "answers"))}
    for key in sorted(wants, key=lambda k: (k[0] != "ext", k[0] != "def", k[1], str(k[2:]))):
        prefs = [p for p, _ in collections.Counter(wants[key]).most_common()]
        if key not in forced and not is_changed and all(w == prefs[0] for w in wants[key]) and prefs[0] not in taken and prefs[0] not in shadow[key]:
            local[key] = prefs[0]; taken.add(prefs[0]); continue
        cands = list(prefs)
        if key in forced: as_module.add(key); continue
        if key[0] == "def":
            for p in cands:
                if free(p, key): local[key] = p; taken.add(p); break
            else:
                as_module.add(key)
        elif key[0] == "mod":
            tail = key[1].rpartition(".")[2]; layer = key[1].split(".")[0]
            cands += [tail, f"{tail}_{WORD.get(layer, layer)}", f"{layer}_{tail}", f"{key[1].replace('.', '_')}"]
            for p in cands:
                if free(p, key): local[key] = p; taken.add(p); break
            else: report["no name"].append(f"{h}: {key}")
        else:
            for p in [*cands, (key[2] or key[1]).replace(".", "_") + "_"]:
                if free(p, key): local[key] = p; taken.add(p); break
            else: report["no name"].append(f"{h}: {key}")
    for key in as_module:
        mk = ("mod", key[1])
        shadow[mk] |= shadow[key]
        typing_only[mk] = typing_only.get(mk, True) and typing_only[key]
        if mk in local and local[mk] in shadow[key]:
            taken.discard(local[mk]); del local[mk]
        if mk not in local:
            tail = key[1].rpartition(".")[2]; layer = key[1].split(".")[0]
            for p in [tail, f"{tail}_{WORD.get(layer, layer)}", f"{layer}_{tail}", key[1].replace(".", "_")]:
                if free(p, mk): local[mk] = p; taken.add(p); break
        if key not in forced: report["by module"].append(f"{h}: {key[1]}.{key[2]} as {local.get(mk)}.{key[2]}")
    used_keys = set()
    # second pass: edits
    for m, s, r, what in pending:
        kind, node = r[0], r[1]
        if what is None:
            sub = resolve(r[2], node.attr) if r[2] in mods else None
            n = new_target(sub) if sub else None
            if n and n[0] == "def" and n[2] != node.attr:
                e = pos(m, node.end_lineno, node.end_col_offset); edits[id(s)].append((e - len(node.attr.encode()), e, n[2]))
            continue
        if what[0] == "plain":
            _, t, typ, base = what
            n = new_target(t)
            if n[0] == "def":
                key = ("def", n[1], n[2])
                if n[1] == h: text = n[2]
                elif key in as_module: text = local["mod", n[1]] + "." + n[2]; used_keys.add(("mod", n[1]))
                else: text = local[key]; used_keys.add(key)
            elif n[0] == "mod":
                key = ("mod", n[1]); text = local[key]; used_keys.add(key)
                if n[1] == h: report["self module"].append(f"{h}: {m.name}:{node.lineno}")
                elif n[1] != t[1] and kind == "name": report["bare module"].append(f"{h} {m.name}:{node.lineno} {base}")
            elif n[0] == "ext": key = ("ext", n[1], n[2]); text = local[key]; used_keys.add(key)
            else: continue
            nd = node if kind == "name" else node.value
            if text != base: edits[id(s)].append((pos(m, nd.lineno, nd.col_offset), pos(m, nd.end_lineno, nd.end_col_offset), text))
        else:
            _, t, sub, typ, base = what
            n = new_target(sub) if sub else None
            if n and n[0] == "def":
                if n[1] == h: text = n[2]
                else: key = ("mod", n[1]); text = local[key] + "." + n[2]; used_keys.add(key)
            elif n and n[0] == "mod":
                # package.submodule
                text = local[("mod", new_target(t)[1])] + "." + n[1].rpartition(".")[2]; used_keys.add(("mod", new_target(t)[1]))
                if n[1] != sub[1]: report["package chain"].append(f"{h}: {m.name}:{node.lineno} {base}.{node.attr}")
            else:
                key = ("mod", home.get(t[1], t[1])); text = local[key] + "." + node.attr; used_keys.add(key)
            if text != f"{base}.{node.attr}":
                edits[id(s)].append((pos(m, node.lineno, node.col_offset), pos(m, node.end_lineno, node.end_col_offset), text))
    # function-level imports
    for m, ss in parts:
        for s in ss:
            if id(s) in dropped: continue
            nd = s.node
            if isinstance(nd, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and nn(m.name, nd.name) != nd.name:
                at = pos(m, nd.lineno, 0)
                mt = re.compile(rb"(?:def|class)\s+(" + nd.name.encode() + rb")\b").search(m.src, at)
                edits[id(s)].append((mt.start(1), mt.end(1), nn(m.name, nd.name)))
            for imp in {id(x): x for x in s.fimports}.values():
                if isinstance(imp, ast.ImportFrom):
                    if not is_project(imp.module): continue
                    new_lines = collections.OrderedDict()
                    diff = False
                    for a in imp.names:
                        t = resolve_from(imp.module, a.name); n = new_target(t)
                        if n is None: report["unresolved function import"].append(f"{m.name}: {imp.module}.{a.name}"); continue
                        nm = a.asname or a.name
                        if n[0] == "def": src, what = n[1], n[2]
                        elif n[0] == "mod": src, what = n[1].rpartition(".")[0], n[1].rpartition(".")[2]
                        else: src, what = imp.module, a.name
                        if (src, what) != (imp.module, a.name): diff = True
                        if src == h: report["lazy import of itself"].append(f"{h}: {m.name}:{imp.lineno} {nm}")
                        new_lines.setdefault(src, []).append(what if what == nm else f"{what} as {nm}")
                        graph_lazy = True
                    if diff:
                        ind = " " * imp.col_offset
                        text = ("\n" + ind).join(f"from {src} import {', '.join(ns)}" for src, ns in new_lines.items())
                        edits[id(s)].append((pos(m, imp.lineno, imp.col_offset), pos(m, imp.end_lineno, imp.end_col_offset), text))
                else:
                    for a in imp.names:
                        if is_project(a.name) and home.get(a.name, a.name) != a.name: report["function import mod"].append(f"{m.name}:{imp.lineno} {a.name}")
            for st in s.strings:
                v = st.value
                mm = re.fullmatch(r"([a-z_]+(?:\.[a-z_0-9]+)+)((?::|\.)([A-Za-z_]+))?", v)
                for cand in ([v] + ([v.rpartition(".")[0], v.rpartition(":")[0]])):
                    if cand in mods and home[cand] != cand:
                        tail = v[len(cand):]
                        name = tail[1:]
                        hh = home_of(cand, name) if name else home[cand]
                        new = hh + (tail[0] + nn(cand, name) if tail else "")
                        raw = m.src[pos(m, st.lineno, st.col_offset):pos(m, st.end_lineno, st.end_col_offset)]
                        if raw[1:-1].decode(errors="ignore") == v:
                            edits[id(s)].append((pos(m, st.lineno, st.col_offset) + 1, pos(m, st.end_lineno, st.end_col_offset) - 1, new)); report["string"].append(f"{m.name}: {v} -> {new}")
                        break
                    elif cand in mods: break
                if isinstance(v, str) and re.fullmatch(r"[\"']?[A-Za-z_\[\], .|]+[\"']?", v or ""):
                    for w in re.findall(r"[A-Za-z_]\w*", v):
                        t = None
                        if w in m.defs: t = ("def", m.name, w)
                        elif w in m.bind: t = resolve(m.name, w)
                        if t and t[0] == "def" and new_target(t)[2] != w and (w[0].isupper() or w.startswith("_")):
                            report["string name"].append(f"{m.name}:{st.lineno} {v!r}: {w}")
                        # names used only in string annotations need their import
                        if t and w not in BUILTINS and re.match(r"^[A-Za-z_][\w\[\], .|]*$", v) and w[0].isupper() and w in m.bind and v != w.upper():
                            n = new_target(t)
                            key = ("def", n[1], n[2]) if n[0] == "def" else (("ext", n[1], n[2]) if n[0] == "ext" else None)
                            if key and key not in used_keys and not (n[0] == "def" and n[1] == h) and w not in taken:
                                local[key] = w; taken.add(w); used_keys.add(key); typing_only[key] = m.bind[w][1]; report["kept for a string"].append(f"{m.name}: {w}")
    # unused imports that an unmoved module had: keep
    if True:
        for m, ss in parts:
            for nm, (b, typ) in m.bind.items():
                if b[0] == "plain":
                    used_keys.add(b); typing_only.setdefault(b, typ); continue
                if nm in defined or nm in taken and not any(local.get(k) == nm for k in used_keys) and False: continue
                t = resolve(m.name, nm)
                if t is None: continue
                n = new_target(t)
                key = ("def", n[1], n[2]) if n[0] == "def" else ("mod", n[1]) if n[0] == "mod" else ("ext", n[1], n[2])
                if n[0] in ("def", "mod") and n[1] == h: continue
                if key in used_keys: continue
                # unused in statements: only meaningful when not merged (re-exports, side effects)
                uses = any((r[0] == "name" and r[1].id == nm) or (r[0] == "attr" and r[1].value.id == nm) for m2, s2 in parts for s in s2 for r in s.refs if r[0] != "localattr") 
                if uses: continue
                if is_changed and not m.is_pkg:
                    report["unused import dropped"].append(f"{m.name}: {nm}")
                    continue
                name = nm
                if name in taken:
                    continue
                local[key] = name; taken.add(name); used_keys.add(key); typing_only[key] = typ
    # emit imports
    lines, tlines = [], []
    frm, tfrm = collections.defaultdict(list), collections.defaultdict(list)
    for key in used_keys:
        typ = typing_only.get(key, False)
        F, L = (tfrm, tlines) if typ else (frm, lines)
        if key[0] == "plain": L.append(f"import {key[1]}"); continue
        nm = local[key]
        if key[0] == "def": F[key[1]].append(key[2] if key[2] == nm else f"{key[2]} as {nm}"); dep = key[1]
        elif key[0] == "mod":
            pkg, _, tail = key[1].rpartition(".")
            if not pkg: L.append(f"import {tail}" if tail == nm else f"import {tail} as {nm}")
            else: F[pkg].append(tail if tail == nm else f"{tail} as {nm}")
            dep = key[1]
        else:
            if key[2] is None: L.append(f"import {key[1]}" if key[1] == nm else f"import {key[1]} as {nm}")
            else: F[key[1]].append(key[2] if key[2] == nm else f"{key[2]} as {nm}")
            dep = None
        if dep and not typ and dep != h:
            graph[h].add(dep)
    if (h.startswith("handlers.") and h.split(".")[1] not in ("answers", "payload", "screen", "routing", "context")) or any(b[0] == "from" and b[1] == "__future__" for m, _ in parts for b, _ in m.bind.values()):
        frm["__future__"] = ["annotations"]
    def emit(L, F, ind=""):
        out = sorted(L)
        for src in sorted(F):
            names = sorted(set(F[src]))
            out.append(f"from {src} import ({', '.join(names)},)" if len(names) > 3 else f"from {src} import {', '.join(names)}")
        return [ind + o for o in out]
    text = []
    first = parts[0][0]
    # main docstring: that of the module whose stem equals the new module's, else the first with one
    tail = h.rpartition(".")[2]
    main = next((m for m, _ in parts if m.name.rpartition(".")[2] == tail and m.doc), next((m for m, _ in parts if m.doc), None))
    if is_changed or any(edits.values()) :
        if main: text.append(main.src[pos(main, main.doc.lineno, 0):main.off[main.doc.end_lineno]].decode().rstrip("\n"))
        text.append("")
        text += emit(lines, frm)
        if tlines or tfrm:
            text += ["", "if TYPE_CHECKING:"] + emit(tlines, tfrm, "    ")
            if not any("TYPE_CHECKING" in x for x in text[:-1] if x.startswith("from typing")): text.insert(2 if main else 1, "from typing import TYPE_CHECKING")
        text.append("")
        for m, ss in parts:
            if len(parts) > 1 and m is not main and m.doc and ss:
                d = ast.literal_eval(m.doc.value) if False else m.doc.value.value
                firstl = d.strip().split("\n\n")[0].replace("\n", " ")
                text.append("\n\n# " + re.sub(r"\s+", " ", firstl)) if False else None
            prev_end = None
            for s in ss:
                if id(s) in dropped: continue
                blank = 0
                if prev_end is not None:
                    blank = s.lead - prev_end - 1
                body = edit(m, pos(m, s.lead, 0), m.off[s.end], edits[id(s)]).decode().rstrip("\n") if True else ""
                text += [""] * (blank if prev_end is not None else 2)
                text.append(body)
                prev_end = s.end
        out = "\n".join(t for t in text if t is not None) + "\n"
        outputs[h] = out
    else:
        # only imports may have changed
        need = False
        for m, ss in parts:
            for nm, (b, typ) in m.bind.items():
                t = resolve(m.name, nm) if b[0] != "plain" else None
                n = new_target(t) if t else None
                if n and ((n[0] == "mod" and n[1] != t[1]) or (n[0] == "def" and (n[1], n[2]) != (t[1], t[2]))): need = True
        if need:
            m = first
            if main: text.append(m.src[pos(m, m.doc.lineno, 0):m.off[m.doc.end_lineno]].decode().rstrip("\n"))
            text.append(""); text += emit(lines, frm)
            if tlines or tfrm:
                text += ["", "if TYPE_CHECKING:"] + emit(tlines, tfrm, "    ")
                if not any("TYPE_CHECKING" in x for x in text if x.startswith("from typing")): text.insert(2 if main else 1, "from typing import TYPE_CHECKING")
            text.append("")
            prev_end = None
            for s in m.stmts:
                text += [""] * (s.lead - prev_end - 1 if prev_end is not None else 2)
                text.append(m.src[pos(m, s.lead, 0):m.off[s.end]].decode().rstrip("\n")); prev_end = s.end
            outputs[h] = "\n".join(text) + "\n"

# ---- cycles
import json, os
if os.environ.get('GRAPH'): json.dump({k: sorted(v) for k, v in graph.items()}, open(os.environ['GRAPH'], 'w'))
def scc(g):
    idx, low, st, on, out, n = {}, {}, [], set(), [], [0]
    sys.setrecursionlimit(10000)
    def go(v):
        idx[v] = low[v] = n[0]; n[0] += 1; st.append(v); on.add(v)
        for w in g.get(v, ()):
            if w not in idx: go(w); low[v] = min(low[v], low[w])
            elif w in on: low[v] = min(low[v], idx[w])
        if low[v] == idx[v]:
            c = []
            while True:
                w = st.pop(); on.discard(w); c.append(w)
                if w == v: break
            if len(c) > 1: out.append(c)
    for v in list(g): 
        if v not in idx: go(v)
    return out
for c in scc(graph):
    report["CYCLE"].append(" ".join(sorted(c)))
    for a in sorted(c):
        for b in sorted(graph[a] & set(c)): report["cycle edge"].append(f"{a} -> {b}")

for k in sorted(report):
    rows = list(dict.fromkeys(report[k]))
    print(f"## {k}: {len(rows)}")
    if not opt.quiet:
        for r in rows[:400]: print("   ", r)
prod = [h for h in new_modules if h.split(".")[0] in LAYERS]
print("production modules:", len([m for m in mods if m.split('.')[0] in LAYERS]), "->", len(prod))
if opt.write:
    # write: git mv the main old file to the new path when it is free
    new_paths = {}
    for h, parts in new_modules.items():
        is_pkg = any(o.startswith(h + ".") for o in new_modules) or h in LAYERS or (any(m.is_pkg and m.name == h for m, _ in parts) and not h in changed and h.split(".")[0] in ("tests", "benchmarks", "faults"))
        new_paths[h] = ROOT / (h.replace(".", "/") + ("/__init__.py" if is_pkg else ".py"))
    keep = set(new_paths.values())
    for h, parts in new_modules.items():
        tail = h.rpartition(".")[2]
        p = new_paths[h]
        if h in outputs or any(m.path != p for m, _ in parts):
            if not p.exists():
                big = max(parts, key=lambda x: len(x[0].src))[0]
                if big.path.exists() and big.path not in keep:
                    p.parent.mkdir(parents=True, exist_ok=True)
                    subprocess.run(["git", "mv", str(big.path), str(p)], cwd=ROOT, check=True)
    gone = [m.path for m in mods.values() if m.path not in keep and m.path.exists()]
    for p in gone: subprocess.run(["git", "rm", "-q", "-f", str(p)], cwd=ROOT, check=True)
    for h, out in outputs.items():
        p = new_paths[h]; p.parent.mkdir(parents=True, exist_ok=True); p.write_text(out)
    for h in new_modules:
        pk = h
        while "." in pk:
            pk = pk.rpartition(".")[0]; i = ROOT / pk.replace(".", "/") / "__init__.py"
            if not i.exists() and not (ROOT / (pk.replace(".", "/") + ".py")).exists(): i.parent.mkdir(parents=True, exist_ok=True); i.write_text("")
    print("written", len(outputs), "removed", len(gone))
