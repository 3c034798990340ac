"""Packets, one by one and by rounds: watch them being made, download them."""

from typing import Any

from django.contrib import admin, messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from unfold.decorators import display

from csan.lib.pages import see_other
from csan.lib.staff import ReadOnlyAdmin, staff_of
from members.admin.jobs import JobAdmin, counted
from petitions.admin.frame import may, page, require
from petitions.delivering import cwc, packets, runs
from petitions.models import Packet, PacketRun

Status = PacketRun.Status
STATUS_COLOURS = {
    Status.RUNNING: "warning",
    Status.DONE: "success",
    Status.CANCELLED: "danger",
    Status.FAILED: "danger",
    Status.FORGOTTEN: "info",
}


@admin.register(Packet)
class PacketAdmin(ReadOnlyAdmin):
    """Packets; who may make them may download them."""

    list_display = ("frozen_at", "legislator", "seat", "petition", "count", "is_kept", "by")
    list_filter = ("petition",)
    list_select_related = ("legislator", "petition", "by")
    search_fields = ("legislator__family_name", "seat", "code")
    ordering = ("-pk",)
    show_full_result_count = False

    @display(description="Files kept", boolean=True)
    def is_kept(self, packet: Packet) -> bool:
        return bool(packet.pdf)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponseBase:
        """One packet: what it holds, its files, the page that verifies it."""
        require(self.has_view_permission(request))
        rows = Packet.objects.select_related("legislator", "petition", "version", "by")
        packet = get_object_or_404(rows, pk=object_id)
        if request.method == "POST":
            require(may(request, "download_packet"))
            return self._act(request, packet)
        context: dict[str, Any] = {
            "packet": packet,
            "standing": packets.standing(packet),
            "cwc": cwc.check(packet),
            "may_pack": may(request, "download_packet"),
            "deliveries": packet.deliveries.order_by("on"),
        }
        return page(request, "packet/packet", str(packet), model=Packet, **context)

    def _act(self, request: HttpRequest, packet: Packet) -> HttpResponseBase:
        do, by = request.POST.get("do", ""), staff_of(request)
        try:
            if do == "again":
                packets.make_again(packet=packet, by=by)
                messages.success(request, "Made again, with the same hash.")
            elif do in ("pdf", "csv"):
                found = packets.download(packet=packet, kind=do, by=by)
                response = FileResponse(
                    found.file, as_attachment=True, filename=found.name, content_type=found.content_type
                )
                response["Cache-Control"] = "private, no-store"
                return response
        except packets.Changed:
            messages.warning(
                request, "Since then signers have corrected or erased something. Make a new packet for this member."
            )
        except packets.NotKept:
            messages.warning(request, "The files were deleted. Make them again.")
        return see_other("admin:petitions_packet_change", packet.pk)


@admin.register(PacketRun)
class PacketRunAdmin(JobAdmin):
    """Packets for many members at once."""

    list_display = ("created_at", "petition", "status_label", "made", "by", "finished_at")
    list_filter = ("status", "petition")
    list_select_related = ("petition", "by")
    ordering = ("-pk",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They are begun on the whip board."""
        return False

    @display(description="Status", ordering="status", label=STATUS_COLOURS)
    def status_label(self, run: PacketRun) -> tuple[str, str]:
        return run.status, run.get_status_display()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponseBase:
        """How far it is; then the button that downloads all of it."""
        require(self.has_view_permission(request))
        run = get_object_or_404(PacketRun.objects.select_related("petition", "by"), pk=object_id)
        if request.method == "POST":
            require(may(request, "download_packet"))
            return self._act(request, run)
        context: dict[str, Any] = {
            "run": run,
            "report": self.report(run),
            "has_files": run.packets.exclude(pdf="").exists(),
            "may_pack": may(request, "download_packet"),
        }
        return page(request, "packet/run", str(run), model=PacketRun, **context)

    def _act(self, request: HttpRequest, run: PacketRun) -> HttpResponse | StreamingHttpResponse:
        do, by = request.POST.get("do", ""), staff_of(request)
        try:
            if do == "download":
                response = StreamingHttpResponse(runs.download(run=run, by=by), content_type="application/zip")
                response["Content-Disposition"] = f'attachment; filename="packets-{run.petition.slug}-{run.pk}.zip"'
                response["Cache-Control"] = "private, no-store"
                return response
            if do == "cancel":
                runs.cancel(run=run, by=by)
        except (runs.NotReady, runs.WrongState):
            messages.warning(request, "That is not possible any more; the packets have moved on.")
        return see_other("admin:petitions_packetrun_change", run.pk)

    def report(self, run: PacketRun) -> dict[str, Any]:
        return {
            "status": run.status,
            "label": run.get_status_display().capitalize(),
            "candidates": len(run.terms),
            "settled": run.seen,
            "rate": None,
            "seconds_left": None,
            "counts": counted(
                {"made": "packets made", "nobody": "members for whom nobody has signed"},
                {"made": run.made, "nobody": run.seen - run.made},
            ),
        }
