package org.usermem.sentry.check;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.util.List;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads what a module tells Declarative Services about its components. They make objects and call
 * methods by reflection, by names out of a text: of this module's classes and no others, or a
 * plug-in could have them start a thread that it may not start itself. What components provide is
 * what the module may name, or one could pose as a part of the sentry.
 */
final class ComponentCheck {

  /** The largest description that is read, in bytes. */
  private static final int MAX_BYTES = 1 << 20;

  private static final String DIRECTORY = "OSGI-INF/";
  private static final Pattern LISTED = Pattern.compile("OSGI-INF/[\\w.$*-]+\\.xml");
  private static final String INSTEAD =
      "describe components of the module's own classes, in OSGI-INF/*.xml";

  private final LayerRules rules;
  private final ModuleReference module;
  private final XMLInputFactory parsers = XMLInputFactory.newDefaultFactory();

  ComponentCheck(LayerRules rules, ModuleReference module) {
    this.rules = rules;
    this.module = module;
    parsers.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    parsers.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
  }

  /**
   * Judges every description, listed or not, and what lists them: words between commas and spaces,
   * as the component run time takes them.
   */
  void check(String header) {
    for (String file : header.split("[,\\s]+")) {
      if (!file.isEmpty() && !LISTED.matcher(file).matches()) {
        refuse("manifest", "has components described in " + file);
      }
    }
    try (ModuleReader reader = module.open();
        var names = reader.list()) {
      List<String> files =
          names.filter(n -> n.startsWith(DIRECTORY) && n.endsWith(".xml")).toList();
      for (String file : files) {
        try (InputStream in =
            reader.open(file).orElseThrow(() -> new IOException("lost " + file))) {
          check(file, in);
        }
      }
    } catch (IOException e) {
      refuse("manifest", "has components that can't be read: " + e.getMessage());
    }
  }

  private void check(String file, InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      refuse(file, "is larger than " + MAX_BYTES + " bytes");
      return;
    }
    try {
      XMLStreamReader xml = parsers.createXMLStreamReader(new ByteArrayInputStream(bytes));
      while (xml.hasNext()) {
        switch (xml.next()) {
          case XMLStreamReader.START_ELEMENT -> checkElement(file, xml);
          case XMLStreamReader.DTD -> refuse(file, "has a document type");
          default -> {
            // Only elements say anything.
          }
        }
      }
    } catch (XMLStreamException e) {
      refuse(file, "is no XML: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
  }

  private void checkElement(String file, XMLStreamReader xml) {
    switch (xml.getLocalName()) {
      case "implementation" -> {
        String name = attribute(xml, "class");
        if (!module.descriptor().packages().contains(ClassFacts.packageOf(name))) {
          refuse(file, "has a component of " + name + ", which is no class of the module");
        }
      }
      // The framework looks at what is provided only when somebody asks for it.
      case "provide" -> rules.judgeService(file, attribute(xml, "interface"));
      default -> {
        // What others provide is hidden at run time, and the rest is names of its own members.
      }
    }
  }

  private static String attribute(XMLStreamReader xml, String name) {
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      if (xml.getAttributeLocalName(i).equals(name)) {
        return xml.getAttributeValue(i).strip();
      }
    }
    return "";
  }

  private void refuse(String where, String used) {
    rules.add(Rule.MANIFEST, "Service-Component", where, used, INSTEAD, true);
  }
}
