from pathlib import Path
from datetime import date, timedelta
import pytest, re
from kyufu.platform import clock
from kyufu.platform.actors import Actor
from kyufu.registry import api as registry
from kyufu.evidence import api as evidence
from tests.cases.world import *
from tests.evidence.files import INCOME
from tests.registry.persons import addressee_no, measure, resident
from tests.web.pages.test_people_pages import open_person, search
from tests.web.town import HEAD
from playwright.sync_api import sync_playwright
OUT=Path("/tmp/shots"); OUT.mkdir(exist_ok=True)
STATIC=Path("src/kyufu/web/static").resolve()
def shot(name, html, full=True):
    html=re.sub(r'/static/', f'file://{STATIC}/', html)
    f=OUT/f"{name}.html"; f.write_text(html)
    PENDING.append(name)
PENDING=[]
def flush():
    import subprocess,sys
    code='''
import sys
from playwright.sync_api import sync_playwright
with sync_playwright() as p:
    b=p.chromium.launch(executable_path="/usr/bin/chromium",args=["--no-sandbox","--disable-gpu"])
    pg=b.new_page(viewport={"width":1366,"height":768})
    for n in sys.argv[1:]:
        pg.goto(f"file:///tmp/shots/{n}.html"); pg.screenshot(path=f"/tmp/shots/{n}.png",full_page=True)
    b.close()
'''
    subprocess.run([sys.executable,"-c",code,*PENDING],check=True,timeout=120)
def test_shots(world, signed_in, family):
    f=world.family(name="見本　桜子", birth="2018-05-10")
    certify(f)
    T=clock.current_date_in_japan()
    world.send("tax",[INCOME | {"atenabango": f.father_no}, INCOME | {"atenabango": f.father_no, "fuka_nendo":2025,"taisho_kaishi":"2024-01-01","taisho_shuryo":"2024-12-31","shutoku_nengappi":"2025-06-10"}])
    clerk=signed_in("head", office=HEAD)
    receive(f, kind=cases.Kind.REISSUE, matter=cases.ReissueCause.LOST)
    by=Actor("S1","戸塚 桜子","戸塚区保険係")
    at=clock.current_instant()
    for i in range(3):
        registry.record_contact(registry.NewContact(T-timedelta(days=10-i), registry.ContactWay.PHONE, "母", "再交付の手続", "医療証を紛失したとの電話。\n再交付申請書を郵送すると案内した。", T if i==2 else None), addressee_id=f.child, ward_code="141011", by=by, at=at)
    registry.correct_contact(registry.NewContact(T-timedelta(days=10), registry.ContactWay.COUNTER, "父", "再交付の手続", "来庁。", None), corrects=1 if False else registry.contacts_of(f.child,limit=9)[-1].contact_id, ward_code="", by=by, at=at)
    page=open_person(clerk,f.child_no); shot("rich",page.html)
    from tests.web.pages.reading import read
    links=[l for l in page.links if "/contacts/" in l or "/certificates/" in l]
    for n,l in [("contact_new",[l for l in links if l.endswith("/new/")][0]),("contact_correct",[l for l in links if l.endswith("/correct/")][0]),("void",[l for l in links if l.endswith("/void/")][0])]:
        a=clerk.get(l); assert a.status_code==200; shot(n,a.content.decode())
    shot("guardian",open_person(clerk,f.father_no).html)
    shot("plain",open_person(clerk,family.child_no).html)
    world.move_out(f,on="2026-09-10")
    shot("moved",open_person(clerk,f.child_no).html)
    aud=signed_in("auditor",office=HEAD)
    shot("find",aud.post("/reads/",{"text":"ミホン"}).content.decode())
    a=aud.post("/reads/",{"text":f.child_no}); assert a.status_code==302
    a=aud.get(a["Location"]); assert a.status_code==200
    shot("reads",a.content.decode())
    world.send("protection",[measure(family.number+1)])
    certify(family)
    shot("protected",open_person(clerk,family.child_no).html)
    flush()
