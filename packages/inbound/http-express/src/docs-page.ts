import { Router } from 'express';
import type { Response } from 'express';

const STYLE = `:root{color-scheme:light dark;--line:#8884}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
h2{margin-top:2.5rem;border-bottom:1px solid var(--line)}details{border:1px solid var(--line);border-radius:6px;margin:.5rem 0;padding:.4rem .8rem}
summary{cursor:pointer}code,pre{font:14px/1.45 ui-monospace,monospace}pre{overflow:auto;border:1px solid var(--line);border-radius:6px;padding:.6rem}
.method{display:inline-block;min-width:4.2rem;font-weight:700}.note{opacity:.75}`;

const SCRIPT = `const el=(tag,text,cls)=>{const e=document.createElement(tag);if(text!==undefined)e.textContent=text;if(cls)e.className=cls;return e};
const example=(schema,doc,depth=0)=>{if(!schema||depth>6)return null;if(schema.$ref)return example(doc.components.schemas[schema.$ref.split('/').pop()],doc,depth+1);
if(schema.enum)return schema.enum[0];const any=schema.anyOf||schema.oneOf;if(any)return example(any[0],doc,depth+1);
const type=Array.isArray(schema.type)?schema.type[0]:schema.type;if(type==='object'){const o={};for(const [k,v] of Object.entries(schema.properties||{}))o[k]=example(v,doc,depth+1);return o}
if(type==='array')return[example(schema.items,doc,depth+1)];if(type==='integer'||type==='number')return 0;if(type==='boolean')return true;if(type==='string')return schema.format||'text';return null};
const json=(title,schema,doc,into)=>{if(!schema)return;into.append(el('p',title,'note'));into.append(el('pre',JSON.stringify(example(schema,doc),null,2)))};
const auth={bearer:'bearer token',appKey:'app key',appUser:'app user'};
const render=(doc)=>{document.title=doc.info.title;const main=document.querySelector('main');main.append(el('h1',doc.info.title+' '+doc.info.version));
main.append(el('p','Every error is application/problem+json with a stable code. Lists have nextCursor. The description of all this for programs: /openapi.json','note'));
const tags=new Map();for(const [path,methods] of Object.entries(doc.paths))for(const [method,op] of Object.entries(methods)){const tag=op.tags[0];if(!tags.has(tag))tags.set(tag,[]);tags.get(tag).push([method,path,op])}
for(const [tag,ops] of tags){main.append(el('h2',tag));for(const [method,path,op] of ops){const d=el('details'),s=el('summary');s.append(el('code',method.toUpperCase(),'method'),el('code',path),document.createTextNode('  '+op.summary));d.append(s);
if(op.description)d.append(el('p',op.description));
d.append(el('p','Who: '+((op.security||[]).map(x=>Object.keys(x).map(k=>auth[k]).join(' + ')).join(' or ')||'anybody')+(op['x-scope']?' with the scope '+op['x-scope']:''),'note'));
for(const p of op.parameters||[])d.append(el('p',p.name+' ('+p.in+(p.required?', needed':'')+')'+(p.schema.description?': '+p.schema.description:''),'note'));
json('Body',op.requestBody&&op.requestBody.content['application/json'].schema,doc,d);
for(const [status,r] of Object.entries(op.responses)){const c=r.content&&r.content['application/json'];if(c)json('Answer '+status,c.schema,doc,d)}
main.append(d)}}};
fetch('openapi.json').then(r=>r.json()).then(render).catch(e=>{document.querySelector('main').append(el('p','The description could not be loaded: '+e.message))});`;

const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>API</title><link rel="stylesheet" href="docs/style.css"></head><body><main></main><script src="docs/script.js" defer></script></body></html>`;

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";

function send(response: Response, type: string, text: string): void {
  response.setHeader('content-security-policy', POLICY);
  response.setHeader('content-type', `${type}; charset=utf-8`);
  response.end(text);
}

/** The documentation page: draws `/openapi.json` and loads nothing from other hosts. */
export function docsRouter(): Router {
  const router = Router({ strict: true });
  router.get('/docs', (_request, response) => {
    send(response, 'text/html', PAGE);
  });
  router.get('/docs/style.css', (_request, response) => {
    send(response, 'text/css', STYLE);
  });
  router.get('/docs/script.js', (_request, response) => {
    send(response, 'text/javascript', SCRIPT);
  });
  return router;
}
