package io.fettle.architecture;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.DoWhileLoopTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.WhileLoopTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * The hard stops of the house style, measured on javac's trees: file 400 lines, method 40, nesting
 * 3.
 */
final class SourceSize {
  static final int MOST_FILE_LINES = 400;
  static final int MOST_METHOD_LINES = 40;
  static final int MOST_NESTING = 3;

  private final List<String> findings = new ArrayList<>();

  static List<String> findings(Collection<Path> files) throws IOException {
    var compiler =
        Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "the tests run on a JRE");
    try (var manager = compiler.getStandardFileManager(null, Locale.ROOT, null)) {
      return measure(manager.getJavaFileObjectsFromPaths(files));
    }
  }

  static List<String> findings(String source) throws IOException {
    return measure(
        List.of(
            new SimpleJavaFileObject(
                URI.create("string:///Source.java"), JavaFileObject.Kind.SOURCE) {
              @Override
              public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
              }
            }));
  }

  private static List<String> measure(Iterable<? extends JavaFileObject> sources)
      throws IOException {
    var compiler =
        Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "the tests run on a JRE");
    var task = (JavacTask) compiler.getTask(null, null, null, null, null, sources);
    var size = new SourceSize();
    var positions = Trees.instance(task).getSourcePositions();
    for (var unit : task.parse()) {
      size.measure(unit, positions);
    }
    return List.copyOf(size.findings);
  }

  private void measure(CompilationUnitTree unit, SourcePositions positions) throws IOException {
    long lines = unit.getSourceFile().getCharContent(true).toString().lines().count();
    if (lines > MOST_FILE_LINES) {
      findings.add("%s: %d lines, at most %d".formatted(name(unit), lines, MOST_FILE_LINES));
    }
    new MethodScanner(unit, positions).scan(unit, 0);
  }

  private static String name(CompilationUnitTree unit) {
    return unit.getSourceFile().getName();
  }

  /** Its parameter is the nesting so far. */
  private final class MethodScanner extends TreeScanner<@Nullable Void, Integer> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private int deepest;

    MethodScanner(CompilationUnitTree unit, SourcePositions positions) {
      this.unit = unit;
      this.positions = positions;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, Integer nesting) {
      BlockTree body = method.getBody();
      if (body == null) {
        return null;
      }
      int outer = deepest;
      deepest = 0;
      super.visitMethod(method, 0);
      long lines =
          line(positions.getEndPosition(unit, body))
              - line(positions.getStartPosition(unit, body))
              - 1;
      report(method, lines, MOST_METHOD_LINES, "lines");
      report(method, deepest, MOST_NESTING, "levels of nesting");
      deepest = outer;
      return null;
    }

    private void report(MethodTree method, long value, int most, String unitOfValue) {
      if (value > most) {
        long line = line(positions.getStartPosition(unit, method));
        findings.add(
            "%s:%d %s: %d %s, at most %d"
                .formatted(name(unit), line, method.getName(), value, unitOfValue, most));
      }
    }

    private long line(long position) {
      return unit.getLineMap().getLineNumber(position);
    }

    private Integer deeper(Integer nesting) {
      deepest = Math.max(deepest, nesting + 1);
      return nesting + 1;
    }

    @Override
    public @Nullable Void visitIf(IfTree tree, Integer nesting) {
      int inside = deeper(nesting);
      scan(tree.getThenStatement(), inside);
      Tree otherwise = tree.getElseStatement();
      return scan(
          otherwise, otherwise instanceof IfTree ? nesting : inside); // else-if is no deeper
    }

    @Override
    public @Nullable Void visitForLoop(ForLoopTree tree, Integer nesting) {
      return super.visitForLoop(tree, deeper(nesting));
    }

    @Override
    public @Nullable Void visitEnhancedForLoop(EnhancedForLoopTree tree, Integer nesting) {
      return super.visitEnhancedForLoop(tree, deeper(nesting));
    }

    @Override
    public @Nullable Void visitWhileLoop(WhileLoopTree tree, Integer nesting) {
      return super.visitWhileLoop(tree, deeper(nesting));
    }

    @Override
    public @Nullable Void visitDoWhileLoop(DoWhileLoopTree tree, Integer nesting) {
      return super.visitDoWhileLoop(tree, deeper(nesting));
    }

    @Override
    public @Nullable Void visitSwitch(SwitchTree tree, Integer nesting) {
      return super.visitSwitch(tree, deeper(nesting));
    }

    @Override
    public @Nullable Void visitTry(TryTree tree, Integer nesting) {
      return super.visitTry(tree, deeper(nesting));
    }

    @Override
    public @Nullable Void visitSynchronized(SynchronizedTree tree, Integer nesting) {
      return super.visitSynchronized(tree, deeper(nesting));
    }
  }
}
