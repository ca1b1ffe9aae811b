package org.usermem.sentry.plugin;

import java.nio.file.Path;
import java.util.List;

/**
 * The plug-ins of an assembly. Safe for use by several threads: one change is made at a time.
 *
 * <p>A plug-in is a modular jar, or a directory of modular jars that belong together; its name is
 * the name of that file or directory.
 */
public interface Plugins {

  /**
   * Lets a plug-in in: copies and checks it, defines its modules and grants their rights. None of
   * its code runs yet.
   *
   * @param plugin the jar or directory
   * @return the plug-in
   * @throws PluginRefusedException if it breaks a rule
   * @throws PluginException if it is there already, can't be read, or does not resolve
   */
  PluginStatus install(Path plugin);

  /**
   * Starts a plug-in: its components are made and its services registered. Does nothing if it runs.
   *
   * @param name the plug-in's name
   * @return the plug-in
   * @throws PluginException if there is none of that name, or it does not start
   */
  PluginStatus start(String name);

  /**
   * Stops a plug-in: its services are gone when this returns. Does nothing if it does not run.
   *
   * @param name the plug-in's name
   * @return the plug-in
   * @throws PluginException if there is none of that name
   */
  PluginStatus stop(String name);

  /**
   * Takes a plug-in away. When this returns nothing of the sentry refers to its classes.
   *
   * @param name the plug-in's name
   * @throws PluginException if there is none of that name
   */
  void uninstall(String name);

  /**
   * Installs a plug-in in place of the one of the same name, and starts it if that ran. A plug-in
   * that is refused leaves the old one as it was.
   *
   * @param plugin the new jar or directory
   * @return the new plug-in
   * @throws PluginRefusedException if it breaks a rule
   * @throws PluginException if there is none to replace, or the new one does not resolve or start
   */
  PluginStatus update(Path plugin);

  /**
   * Returns the plug-ins.
   *
   * @return each as it is now, in the order of installation
   */
  List<PluginStatus> list();
}
