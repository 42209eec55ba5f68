"""Splits handlers/routes/*.py by topic (on disk) and prints sym lines for payloads and routes. usage: derive.py ROOT"""
import pathlib
HERE = pathlib.Path(__file__).parent
import ast, sys, pathlib, collections, re
ROOT = pathlib.Path(sys.argv[1])
home = {}
for line in open(str(HERE / 'plan.out')):
    if ': ' in line and not line.startswith(('sym', 'ren')):
        new, olds = line.strip().split(': ')
        for o in olds.split(): home[o] = new
import importlib.util, sys as _s
COARSE = {}
base=None
for line in open(str(HERE / 'coarse.txt')):
    line=line.split('#')[0].strip()
    if not line: continue
    if line.startswith('['): base=line[1:-1]; continue
    n,o=line.split(':',1)
    for x in o.split(): COARSE[base+'.'+x.replace('/','.')]=base+'.'+n.strip().replace('/','.')
THIRD={}
base=None
for line in open(str(HERE / 'topics.txt')):
    line=line.split('#')[0].strip()
    if not line: continue
    if line.startswith('['): base=line[1:-1]; continue
    n,o=line.split(':',1)
    for x in o.split(): THIRD[base+'.'+x.replace('/','.')]=base+'.'+n.strip().replace('/','.')
def final(t):
    t = COARSE.get(t, t)
    return THIRD.get(t, t)
R1={}
base=None
for line in open(str(HERE / 'plan.txt')):
    line=line.split('#')[0].strip()
    if not line: continue
    if line.startswith('['): base=line[1:-1]; continue
    n,o=line.split(':',1)
    for x in o.split(): R1[base+'.'+x.replace('/','.')]=base+'.'+n.strip().replace('/','.')
home=R1
OVERRIDE = {
 "services.money.bank.lines": "money.settlement", "services.money.bank.operator_money": "money.settlement", "services.money.bank.statements": "money.settlement",
 "services.money.bank.payout_answers": "money.settlement", "services.money.bank_statements": "money.settlement", "services.money.bank.payout_matching": "money.settlement", "services.money.bank.statement_matching": "money.settlement",
 "services.money.wage_floor.debts": "money.topups", "services.work.changes.reopening": "work.corrections", "services.work.changes.change_messages": "work.corrections",
 "services.people.next_words": "work.tasks", "services.work.pages.admin_looks": "fairness.first_look",
 "services.people.team_spending": "people.teams", "services.fairness.approvals": "fairness.first_look", "services.fairness.stop_appeals": "fairness.stops",
 "services.work.redo_answers": "work.redos", "services.fairness.board_access": "fairness.board", "services.work.content_choices": "work.content_warnings",
 "services.work.open_answer": "work.inputs", "services.projects.outlooks": "projects.preflight", "services.fairness.waiting_cases": "people.dashboard", "services.fairness.cases": "people.dashboard",
 "services.people.menus": "people.onboarding", "services.people.arrivals": "people.onboarding", "services.people.qualification_grants": "people.qualifications",
 "services.people.qualification_tests": "people.qualifications", "services.projects.imports": "projects.drafts", "services.work.session": "work.tasks", "services.work.submit": "work.tasks",
 "services.work.inputs": "work.tasks", "services.work.leaving": "work.offers", "services.work.outdated": "work.tasks", "services.work.task_messages": "work.tasks", "services.work.dispatch": "work.tasks",
 "services.work.pages": "work.tasks", "services.projects.forms": "projects.project_wizard", "services.projects.pilots": "projects.pilots", "services.projects.rejection_pause": "fairness.review",
 "services.fairness.rejections": "fairness.review", "services.money.waivers": "people.erasure", "services.fairness.petitions": "fairness.petitions", "services.projects.ownership": "projects.progress",
 "services.money.tax_returns": "money.tax_reports", "services.work.places": "work.tasks", "services.people.push_schedule": "people.settings",
 "services.work.open_answer": "work.tasks", "services.quality.consensus":"quality.figures", "jobs.records": "people.records",
}
mods = {}
def imports(tree):
    b = {}
    for n in tree.body:
        if isinstance(n, ast.ImportFrom):
            for a in n.names: b[a.asname or a.name] = (n.module, a.name)
    return b
def exists(m): 
    p = ROOT / (m.replace('.', '/') + '.py'); return p.exists() or (ROOT / m.replace('.', '/') / '__init__.py').exists()
def service_module(expr, b):
    # Name or Attribute chain
    if isinstance(expr, ast.Attribute) and isinstance(expr.value, ast.Name) and expr.value.id in b:
        mod, nm = b[expr.value.id]; full = f"{mod}.{nm}"
        return full if exists(full) else mod
    if isinstance(expr, ast.Name) and expr.id in b:
        return b[expr.id][0]
    return None
payload_topic, lines, topics = {}, [], collections.Counter()
for path in sorted((ROOT / 'handlers/routes').glob('*.py')):
    if path.name == '__init__.py': continue
    src = path.read_text(); tree = ast.parse(src); b = imports(tree)
    node = next(n for n in tree.body if isinstance(n, ast.Assign) and n.targets[0].id == 'ROUTES')
    groups = collections.OrderedDict()
    for el in node.value.elts:
        if not isinstance(el, ast.Call): print('ODD', path, ast.unparse(el), file=sys.stderr); continue
        pay = ast.unparse(el.args[0]); svc = service_module(el.args[2], b)
        if svc is None: print('NO SERVICE', path, ast.unparse(el), file=sys.stderr); continue
        h = home.get(svc, svc); t = OVERRIDE.get(h) or (h.split('.', 1)[1] if h.startswith('services.') else None)
        if t is None: print('NOT A SERVICE', path.name, ast.unparse(el)[:100], h, file=sys.stderr); continue
        t = final('handlers.'+t)[9:]; payload_topic[b[pay]] = t; topics[t] += 1
        lead = src.splitlines()[el.lineno - 1]
        groups.setdefault(t, []).append(ast.get_source_segment(src, el))
    new = []
    for t, els in groups.items():
        name = 'ROUTES_' + t.replace('.', '_')
        new.append(f"{name} = (\n" + "".join(f"    {e},\n" for e in els) + ")\n")
        lines.append(f"sym handlers.routes.{path.stem}:{name} -> handlers.{t}")
    out = src.splitlines(keepends=True)
    text = "".join(out[:node.lineno - 1]) + "\n".join(new) + "".join(out[node.end_lineno:])
    path.write_text(text)
# payload classes
for path in sorted((ROOT / 'handlers/payloads').glob('*.py')):
    if path.stem in ('__init__', 'payload'): continue
    src = path.read_text(); tree = ast.parse(src); m = f"handlers.payloads.{path.stem}"
    uses = collections.defaultdict(collections.Counter); where = {}
    for n in tree.body:
        if isinstance(n, ast.ClassDef):
            t = payload_topic.get((m, n.name))
            where[n.name] = t
            if t is None: print('PAYLOAD WITHOUT ROUTE', m, n.name, file=sys.stderr)
    defs = {}
    for n in tree.body:
        if isinstance(n, (ast.Import, ast.ImportFrom)): continue
        names = [n.name] if isinstance(n, (ast.ClassDef, ast.FunctionDef)) else [t.id for t in getattr(n, 'targets', [getattr(n, 'target', None)]) if isinstance(t, ast.Name)]
        for nm in names: defs[nm] = n
    for nm, n in defs.items():
        for sub in ast.walk(n):
            if isinstance(sub, ast.Name) and sub.id in defs and sub.id != nm: uses[sub.id][nm] += 1
    # helpers go where their users are; used by several topics: to handlers.payload
    for _ in range(5):
        for nm in defs:
            if where.get(nm): continue
            ts = {where.get(u) for u in uses[nm]} - {None}
            if len(ts) == 1: where[nm] = ts.pop()
    for nm in defs:
        t = where.get(nm)
        if t: lines.append(f"sym {m}:{nm} -> handlers.{t}")
        else: lines.append(f"sym {m}:{nm} -> handlers.payload"); print('SHARED', m, nm, {where.get(u) for u in uses[nm]}, file=sys.stderr)
print("\n".join(lines))
print(len(topics), sorted(topics.items()), file=sys.stderr)
