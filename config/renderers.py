"""How forms become HTML: label, help, errors, then the control, each tied to the others."""

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """Renders every form with the templates of our own forms/ folder."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
