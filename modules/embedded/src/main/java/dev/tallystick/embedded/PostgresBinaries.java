package dev.tallystick.embedded;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's programs, unpacked from the artifact on the class path into {@code dist-<hash>} of
 * the server's directory.
 */
final class PostgresBinaries {
  private static final String PREFIX = "dist-";
  private static final int HASH_CHARS = 12;

  private PostgresBinaries() {}

  /**
   * The directory that holds {@code bin}; unpacks when it is not there yet, and removes what an
   * older release left.
   */
  static Path unpacked(Path directory) throws IOException {
    byte[] archive = archive();
    var home = directory.resolve(PREFIX + hash(archive));
    try (var entries = Files.newDirectoryStream(directory, PREFIX + "*")) {
      for (var entry : entries) {
        if (!entry.equals(home)) {
          delete(entry);
        }
      }
    }
    if (!Files.exists(home)) {
      // Under another name until it is complete: a run may be killed half-way.
      var part = directory.resolve(PREFIX + "part");
      unpack(archive, part);
      Files.move(part, home, StandardCopyOption.ATOMIC_MOVE);
    }
    return home;
  }

  private static byte[] archive() throws IOException {
    var os =
        System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("mac")
            ? "Darwin"
            : "Linux";
    var arch = System.getProperty("os.arch", "");
    try (var in =
        DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(
            os, arch.equals("amd64") ? "x86_64" : arch)) {
      return in.readAllBytes();
    } catch (IllegalStateException e) {
      throw new IOException("there is no PostgreSQL for this machine (" + os + " " + arch + ")", e);
    }
  }

  private static String hash(byte[] archive) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(archive))
          .substring(0, HASH_CHARS);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  private static void unpack(byte[] archive, Path into) throws IOException {
    try (var tar =
        new TarArchiveInputStream(
            new XZInputStream(new BufferedInputStream(new ByteArrayInputStream(archive))))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        var file = into.resolve(entry.getName()).normalize();
        if (!file.startsWith(into)) {
          throw new IOException("archive entry " + entry.getName() + " leads out of the directory");
        }
        if (entry.isDirectory()) {
          Files.createDirectories(file);
          continue;
        }
        Files.createDirectories(file.resolveSibling("."));
        if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        } else if (entry.isLink()) {
          Files.createLink(file, into.resolve(entry.getLinkName()).normalize());
        } else {
          Files.copy(tar, file);
          boolean executable = (entry.getMode() & 0100) != 0;
          Files.setPosixFilePermissions(
              file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
        }
      }
    }
  }

  /** Deletes a directory and all in it, without following links. */
  static void delete(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path directory, @org.jspecify.annotations.Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
