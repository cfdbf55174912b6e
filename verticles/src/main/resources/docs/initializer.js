// A file of its own: the page's policy allows no script inside it. No validator, since that one would be asked on another host.
SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  validatorUrl: null,
});
