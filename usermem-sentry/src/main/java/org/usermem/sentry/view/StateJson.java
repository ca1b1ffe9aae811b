package org.usermem.sentry.view;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.usermem.mm.view.VmaView;
import org.usermem.sentry.assembly.Assembly;
import org.usermem.sentry.inspect.Inspection;
import org.usermem.sentry.inspect.MountView;
import org.usermem.sentry.inspect.ProcessView;
import org.usermem.sentry.plugin.PluginStatus;

/** The whole of what the view shows, at one moment. */
final class StateJson {

  /** More areas than that are not drawn: a program may have some ten thousand. */
  private static final int MOST_AREAS = 1000;

  private final Inspection inspection;
  private final Optional<Assembly> assembly;

  StateJson(Inspection inspection, Optional<Assembly> assembly) {
    this.inspection = inspection;
    this.assembly = assembly;
  }

  String now() {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("processes", inspection.processes().stream().map(this::process).toList());
    state.put("mounts", inspection.mounts().stream().map(StateJson::mount).toList());
    state.put("modules", assembly.map(Assembly::describeModules).orElseGet(Assembly::describeCore));
    state.put(
        "plugins",
        assembly.map(a -> a.plugins().list()).orElse(List.of()).stream()
            .map(StateJson::plugin)
            .toList());
    return Json.of(state);
  }

  private Map<String, Object> process(ProcessView process) {
    List<VmaView> areas = inspection.areas(process.id(), true).orElse(List.of());
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", process.id());
    json.put("parent", process.parent());
    json.put("state", String.valueOf(process.state()));
    json.put("tasks", process.tasks());
    json.put("virtual", process.virtualBytes());
    json.put("resident", process.residentBytes());
    json.put("command", process.command());
    json.put("areas", areas.stream().limit(MOST_AREAS).map(StateJson::area).toList());
    json.put("areasLeftOut", Math.max(0, areas.size() - MOST_AREAS));
    return json;
  }

  private static Map<String, Object> area(VmaView area) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("start", Long.toHexString(area.start()));
    json.put("end", Long.toHexString(area.end()));
    json.put("bytes", area.byteCount());
    json.put("access", area.access() + (area.isShared() ? "s" : "p"));
    json.put("kind", AreaKind.of(area).label());
    json.put("name", Inspection.unicode(area.name()));
    json.put("resident", area.residency().total());
    json.put("copyOnWrite", area.residency().sharedAnonymous());
    return json;
  }

  private static Map<String, Object> mount(MountView mount) {
    return Map.of(
        "target", mount.target(),
        "source", mount.source(),
        "type", mount.type(),
        "options", mount.options());
  }

  private static Map<String, Object> plugin(PluginStatus plugin) {
    return Map.of(
        "name", plugin.name(),
        "state", plugin.state().toString(),
        "layers", new ArrayList<>(plugin.layers().values()),
        "services", plugin.services());
  }
}
