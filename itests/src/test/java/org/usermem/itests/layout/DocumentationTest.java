package org.usermem.itests.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.usermem.itests.BuiltModules;

/**
 * Everything that a module exports has a comment. doclint checks what is in the comments; it can't
 * ask for a sentence without asking for a tag for each parameter too.
 */
class DocumentationTest {

  static List<String> modules() {
    return BuiltModules.NAMES;
  }

  @ParameterizedTest
  @MethodSource("modules")
  void everythingExportedHasAComment(String name) throws IOException {
    List<Path> sources = new ArrayList<>();
    Path sourceDirectory =
        BuiltModules.sourceTree()
            .resolve("usermem-" + name.substring(name.lastIndexOf('.') + 1))
            .resolve("src/main/java");
    for (String packageName : BuiltModules.exportedPackages(name)) {
      try (Stream<Path> files =
          Files.list(sourceDirectory.resolve(packageName.replace('.', '/')))) {
        files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
      }
    }
    assertEquals(List.of(), sources.isEmpty() ? List.of() : withoutComment(sources));
  }

  private static List<String> withoutComment(List<Path> sources) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, null, null, files.getJavaFileObjectsFromPaths(sources));
      List<String> missing = new ArrayList<>();
      DocTrees docTrees = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        new MissingComments(docTrees, unit, missing).scan(unit, null);
      }
      return missing;
    }
  }

  /** Collects the public and protected declarations that have no comment. */
  private static final class MissingComments extends TreePathScanner<Void, Void> {

    private final DocTrees docTrees;
    private final CompilationUnitTree unit;
    private final List<String> missing;

    MissingComments(DocTrees docTrees, CompilationUnitTree unit, List<String> missing) {
      this.docTrees = docTrees;
      this.unit = unit;
      this.missing = missing;
    }

    @Override
    public Void visitClass(ClassTree tree, Void unused) {
      if (!isVisible(tree.getModifiers())) {
        return null;
      }
      check(tree.getSimpleName().toString());
      return super.visitClass(tree, null);
    }

    @Override
    public Void visitMethod(MethodTree tree, Void unused) {
      boolean overrides =
          tree.getModifiers().getAnnotations().stream()
              .anyMatch(annotation -> annotation.getAnnotationType().toString().equals("Override"));
      boolean compactConstructor = inRecord() && tree.getName().contentEquals("<init>");
      if (isVisible(tree.getModifiers()) && !overrides && !compactConstructor) {
        check(tree.getName().toString());
      }
      return null;
    }

    @Override
    public Void visitVariable(VariableTree tree, Void unused) {
      if (isVisible(tree.getModifiers()) && !isRecordComponent(tree) && !isEnumConstant(tree)) {
        check(tree.getName().toString());
      }
      return null;
    }

    private boolean isVisible(ModifiersTree modifiers) {
      Tree parent = getCurrentPath().getParentPath().getLeaf();
      return modifiers.getFlags().contains(Modifier.PUBLIC)
          || modifiers.getFlags().contains(Modifier.PROTECTED)
          || (parent.getKind() == Tree.Kind.INTERFACE
              && !modifiers.getFlags().contains(Modifier.PRIVATE));
    }

    private boolean inRecord() {
      return getCurrentPath().getParentPath().getLeaf().getKind() == Tree.Kind.RECORD;
    }

    private boolean isRecordComponent(VariableTree tree) {
      return inRecord() && !tree.getModifiers().getFlags().contains(Modifier.STATIC);
    }

    /** A constant's name and arguments may say it all, as those of an errno do. */
    private boolean isEnumConstant(VariableTree tree) {
      return getCurrentPath().getParentPath().getLeaf() instanceof ClassTree owner
          && owner.getKind() == Tree.Kind.ENUM
          && tree.getType().toString().equals(owner.getSimpleName().toString());
    }

    private void check(String name) {
      TreePath path = getCurrentPath();
      if (docTrees.getDocComment(path) == null) {
        long position = docTrees.getSourcePositions().getStartPosition(unit, path.getLeaf());
        missing.add(
            Path.of(unit.getSourceFile().getName()).getFileName()
                + ":"
                + unit.getLineMap().getLineNumber(position)
                + ": "
                + name);
      }
    }
  }
}
