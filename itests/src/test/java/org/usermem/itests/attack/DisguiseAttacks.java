package org.usermem.itests.attack;

import static org.usermem.itests.attack.Stage.INSTALL;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** A plug-in that lies about itself. */
final class DisguiseAttacks {

  private DisguiseAttacks() {}

  static List<Attack> all() {
    return List.of(
        new Attack(
            INSTALL,
            "is named like a core module",
            PluginSource.module("org.usermem.mm", "").type("A", "public class A {}")),
        Attack.by(
            INSTALL,
            "has a package of the API",
            "",
            "return null;",
            s ->
                s.file("org/usermem/io/Mine.java", "package org.usermem.io; public class Mine {}")),
        Attack.by(
            INSTALL,
            "has an unexported package of mm",
            "",
            "return null;",
            s ->
                s.file("org/usermem/mm/Mine.java", "package org.usermem.mm; public class Mine {}")),
        Attack.by(
            INSTALL,
            "has the symbolic name of the kernel",
            "",
            "return null;",
            s -> s.header("Bundle-SymbolicName", "org.usermem.kernel")),
        Attack.by(
            INSTALL,
            "is a fragment of mm",
            "",
            "return null;",
            s -> s.header("Fragment-Host", "org.usermem.mm")),
        Attack.by(
            INSTALL,
            "requires the bundle of mm",
            "",
            "return null;",
            s -> s.header("Require-Bundle", "org.usermem.mm")),
        Attack.by(
            INSTALL,
            "imports what it finds",
            "",
            "return null;",
            s -> s.header("DynamicImport-Package", "*")),
        Attack.by(
            INSTALL,
            "imports a package of mm",
            "",
            "return null;",
            s -> s.header("Import-Package", "org.usermem.mm")),
        Attack.by(
            INSTALL,
            "imports the framework",
            "",
            "return null;",
            s -> s.header("Import-Package", "org.osgi.framework.wiring")),
        Attack.by(
            INSTALL,
            "exports a package of the API as its own",
            "",
            "return null;",
            s -> s.header("Export-Package", "org.usermem.sequence")),
        Attack.by(
            INSTALL,
            "provides a package by capability",
            "",
            "return null;",
            s ->
                s.header(
                    "Provide-Capability",
                    "osgi.wiring.package;osgi.wiring.package=org.usermem.sequence")),
        Attack.by(
            INSTALL,
            "brings native code",
            "",
            "return null;",
            s -> s.header("Bundle-NativeCode", "evil.so;osname=Linux")),
        Attack.by(
            INSTALL,
            "gives itself native access",
            "",
            "return null;",
            s -> s.header("Enable-Native-Access", "ALL-UNNAMED")),
        Attack.by(
            INSTALL,
            "opens the JDK to itself",
            "",
            "return null;",
            s -> s.header("Add-Opens", "java.base/java.lang")),
        Attack.by(
            INSTALL,
            "declares itself anew in another version of itself",
            "",
            "return null;",
            s ->
                s.header("Multi-Release", "true")
                    .entry(
                        "META-INF/versions/25/module-info.class", declaration("java.instrument"))),
        Attack.by(
            INSTALL,
            "hides a jar in its jar",
            "",
            "return null;",
            s -> s.header("Bundle-ClassPath", ".,hidden.jar")),
        Attack.by(
            INSTALL,
            "is started with a bundle context",
            "",
            "return null;",
            s -> s.header("Bundle-Activator", "com.evil.A")),
        Attack.by(
            INSTALL,
            "hides a class in another version of itself",
            "",
            "return null;",
            s ->
                s.header("Multi-Release", "true")
                    .entry(
                        "META-INF/versions/25/com/evil/A.class",
                        classNaming("java/lang/ProcessBuilder"))),
        Attack.by(
            INSTALL,
            "has a class under another's name",
            "",
            "return null;",
            s -> s.entry("com/evil/B.class", classNaming("java/lang/Object"))),
        Attack.by(
            INSTALL,
            "has a class that no compiler made",
            "",
            "return null;",
            s -> s.entry("com/evil/B.class", "nothing".getBytes(StandardCharsets.UTF_8))),
        Attack.by(
            INSTALL,
            "opens everything",
            "",
            "return null;",
            s -> s.file("module-info.java", "open module com.evil {}")));
  }

  /** A class com.evil.A that names another in its constant pool and nowhere else. */
  private static byte[] classNaming(String internalName) {
    return java.lang.classfile.ClassFile.of()
        .build(
            java.lang.constant.ClassDesc.of("com.evil.A"),
            c -> c.constantPool().classEntry(c.constantPool().utf8Entry(internalName)));
  }

  /** A module declaration that requires one module more than the plug-in says elsewhere. */
  private static byte[] declaration(String required) {
    return java.lang.classfile.ClassFile.of()
        .buildModule(
            java.lang.classfile.attribute.ModuleAttribute.of(
                java.lang.constant.ModuleDesc.of("com.evil"),
                m ->
                    m.requires(
                            java.lang.constant.ModuleDesc.of("java.base"),
                            java.lang.classfile.ClassFile.ACC_MANDATED,
                            null)
                        .requires(java.lang.constant.ModuleDesc.of(required), 0, null)));
  }

  /** Has Declarative Services do by reflection what it may not do itself. */
  static List<Attack> components() {
    return List.of(
        component(
            "has a component started that is a thread",
            """
            <implementation class="java.lang.Thread"/>
            <reference name="r" interface="java.lang.Runnable" parameter="0"/>
            """,
            "name=\"t\" init=\"1\" activate=\"start\""),
        component(
            "has a component made of a class of mm",
            "<implementation class=\"org.usermem.mm.MemoryManager\"/>",
            "name=\"m\""),
        component(
            "has a component that poses as a platform",
            """
            <implementation class="com.evil.A"/>
            <property name="usermem.platform" value="host"/>
            <service><provide interface="org.usermem.platform.PlatformProvider"/></service>
            """,
            "name=\"p\""),
        component(
            "has a component that poses as a hook of the framework",
            """
            <implementation class="com.evil.A"/>
            <service><provide interface="org.osgi.framework.hooks.service.FindHook"/></service>
            """,
            "name=\"h\""),
        Attack.by(
            INSTALL,
            "hides a component in a file of another kind",
            "",
            "return null;",
            s -> s.header("Service-Component", "com/evil/*.txt")),
        Attack.by(
            INSTALL,
            "hides a component in a file whose name looks like an attribute",
            "",
            "return null;",
            s -> s.header("Service-Component", "OSGI-INF/a.xml, com/evil/b=c.xml")),
        Attack.by(
            INSTALL,
            "hides a component behind an entity",
            "",
            "return null;",
            s ->
                s.header("Service-Component", "OSGI-INF/a.xml")
                    .entry(
                        "OSGI-INF/a.xml",
                        """
                        <!DOCTYPE c [<!ENTITY i '<implementation class="java.lang.Thread"/>'>]>
                        <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.4.0">&i;</scr:component>
                        """
                            .getBytes(StandardCharsets.UTF_8))));
  }

  private static Attack component(String name, String elements, String attributes) {
    String xml =
        "<scr:component xmlns:scr=\"http://www.osgi.org/xmlns/scr/v1.4.0\" "
            + attributes
            + ">"
            + elements
            + "</scr:component>";
    return Attack.by(
        INSTALL,
        name,
        "",
        "return null;",
        s ->
            s.header("Service-Component", "OSGI-INF/*.xml")
                .entry("OSGI-INF/a.xml", xml.getBytes(StandardCharsets.UTF_8)));
  }
}
