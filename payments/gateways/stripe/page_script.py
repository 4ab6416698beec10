"""The script of the page a guest pays on: it asks how the payment stands, shows the form, and says the truth.

It is one text, the same for every payment and language, because the page's policy names its digest; words and
state come with the page. While the guest pays, the vendor's form has the word (`isPaying`), so a second press does
nothing; what was paid never shows the form again; whoever comes back to the page is told how it stands then.
"""

from typing import Final

SCRIPT: Final = """
const told=document.getElementById("told"),form=document.getElementById("form"),pay=document.getElementById("pay");
const words=JSON.parse(told.dataset.words),language=document.documentElement.lang;
const waiting=["prepared","presented","unknown","wait"];
let isShown=false,isPaying=false,isPaid=false,refusal="",timer=0;
function tell(sentence,again){
  if(told.textContent!==sentence)told.textContent=sentence;
  clearTimeout(timer);
  if(again)timer=setTimeout(look,again);
}
async function look(){
  clearTimeout(timer);
  if(isPaying)return;
  let answer,said;
  try{
    answer=await fetch(location.pathname.replace(/\\/$/,"")+"/session",{cache:"no-store"});
    said=answer.ok?await answer.json():null;
  }catch{return isPaying||tell(words.no_network,4000);}
  if(isPaying)return;
  if(answer.status===404){form.hidden=true;return tell(words.no_such);}
  if(!said)return tell(answer.status===429?words.too_often:words.not_now,4000);
  if(said.return_url)return location.replace(said.return_url);
  if(said.client_secret)return isPaid?tell(words.wait,2000):show(said);
  form.hidden=true;
  tell(words[said.state]||words.moment,waiting.includes(said.state)?3000:0);
}
function show(said){
  if(!isShown){
    if(typeof Stripe==="undefined")return tell(words.no_form);
    isShown=true;
    const options=said.account?{stripeAccount:said.account,locale:language}:{locale:language};
    const stripe=Stripe(said.publishable_key,options);
    const elements=stripe.elements({clientSecret:said.client_secret,locale:language});
    elements.create("payment").mount("#element");
    form.addEventListener("submit",event=>{event.preventDefault();payNow(stripe,elements);});
  }
  form.hidden=false;
  tell(refusal);
}
async function payNow(stripe,elements){
  if(isPaying||isPaid)return;
  isPaying=pay.disabled=true;refusal="";tell(words.moment);
  let error,intent;
  try{
    ({error,paymentIntent:intent}=await stripe.confirmPayment({elements,
      confirmParams:{return_url:location.href.split("?")[0]},redirect:"if_required"}));
  }catch{error={};}
  isPaying=pay.disabled=false;
  isPaid=!error&&["succeeded","processing","requires_capture"].includes(intent?.status);
  if(isPaid)form.hidden=true;
  if(error)refusal=error.message||words.failed;
  // Of a card or a field the form knows more than we do; anything else may mean that it is over.
  if(["card_error","validation_error"].includes(error?.type))return tell(refusal);
  tell(refusal||words.moment);
  look();
}
// Back from the bank's page: what was begun there did not end here.
addEventListener("pageshow",event=>{if(event.persisted){isPaying=pay.disabled=false;look();}});
document.addEventListener("visibilitychange",()=>document.hidden||look());
tell(told.textContent||words.moment);
look();
"""
