"""The pages of this app."""

from django.urls import path

from plans.views import checking, cutting, editions, imports, measures, pages

app_name = "plans"
urlpatterns = [
    path("plans/", pages.plans, name="plans"),
    path("plans/import/", pages.upload, name="import"),
    path("plans/import/<int:pk>/", imports.import_job, name="import_job"),
    path("plans/import/<int:pk>/cancel/", imports.cancel, name="cancel_import"),
    path("plans/<int:pk>/", checking.edition, name="edition"),
    path("plans/<int:pk>/text/", pages.text, name="text"),
    path("plans/<int:pk>/slips/", pages.export_slips, name="export_slips"),
    path("plans/<int:pk>/confirm/", checking.confirm, name="confirm"),
    path("plans/<int:edition>/measures/<int:pk>/", measures.measure, name="measure"),
    path("plans/<int:pk>/comparison/", editions.comparison, name="comparison"),
    path("plans/<int:pk>/reread/", editions.reread, name="reread"),
    path("measures/<int:pk>/match/", editions.rematch, name="rematch"),
    path("measures/<int:pk>/check/", measures.check, name="check"),
    path("measures/<int:pk>/set-aside/", measures.set_aside, name="set_aside"),
    path("measures/<int:pk>/merge/", cutting.merge, name="merge"),
    path("measures/<int:pk>/split/", cutting.split, name="split"),
    path("measures/<int:pk>/take/", cutting.take, name="take"),
    path("plans/<int:edition>/text/<int:start>/", cutting.passage, name="passage"),
    path("plans/<int:edition>/text/<int:start>/sort/", cutting.sort, name="sort"),
    path("corrections/<int:pk>/undo/", measures.undo, name="undo"),
    path("doubts/<int:pk>/settle/", checking.settle, name="settle"),
    path("doubts/<int:pk>/reopen/", checking.reopen, name="reopen"),
]
