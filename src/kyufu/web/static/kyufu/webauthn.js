// Joins the buttons of our pages to allauth's WebAuthn forms; without JavaScript the buttons stay hidden.
'use strict';
(() => {
  const NOT_DONE = {
    NotAllowedError: '操作が取り消されたか、時間切れになりました。もう一度ボタンを押してください。',
    InvalidStateError: 'このセキュリティキーは、すでに登録されています。',
    SecurityError: 'このアドレスでは、セキュリティキーを使えません。localhost または https のアドレスで開いてください。'
  }
  const button = document.getElementById('webauthn-button')
  if (!button || !window.PublicKeyCredential) return

  document.addEventListener('allauth.error', (event) => {
    event.preventDefault()
    const said = document.getElementById('webauthn-error')
    const name = event.detail.exception && event.detail.exception.name
    said.textContent = NOT_DONE[name] || 'セキュリティキーを使えませんでした。もう一度ボタンを押してください。'
    said.hidden = false
    said.focus()
  })
  const ids = { data: 'webauthn-data', credential: 'id_credential', add: button.id, authenticate: button.id }
  window.allauth.webauthn.forms[button.dataset.form]({ ids })
  document.getElementById('webauthn').hidden = false
})()
