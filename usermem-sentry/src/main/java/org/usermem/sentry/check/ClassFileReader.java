package org.usermem.sentry.check;

import java.lang.classfile.Annotation;
import java.lang.classfile.AttributedElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassSignature;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodSignature;
import java.lang.classfile.Signature;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.MethodTypeEntry;
import java.lang.classfile.constantpool.NameAndTypeEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Collects what a class file names. Whatever the JVM can link for a class by itself stands in the
 * class's constant pool (class, field, method, method handle, method type, dynamic constant and
 * call site: JVMS 4.4, 5.1) or in the descriptors of its own members, so the whole pool is read,
 * whether or not any code uses an entry.
 */
final class ClassFileReader {

  private final Set<Reference> references = new LinkedHashSet<>();

  private ClassFileReader() {}

  /**
   * Reads one class file.
   *
   * @throws IllegalArgumentException if the bytes are no class file
   */
  static ClassFacts read(byte[] bytes) {
    return new ClassFileReader().facts(bytes);
  }

  private ClassFacts facts(byte[] bytes) {
    ClassModel model;
    try {
      model = ClassFile.of().parse(bytes);
      for (PoolEntry entry : model.constantPool()) {
        addEntry(entry);
      }
      addDeclarations(model);
    } catch (IndexOutOfBoundsException | ClassCastException e) {
      throw new IllegalArgumentException("malformed class file: " + e.getMessage(), e);
    }
    List<String> supertypes = new ArrayList<>();
    model.superclass().ifPresent(s -> supertypes.add(dotted(s.asInternalName())));
    model.interfaces().forEach(i -> supertypes.add(dotted(i.asInternalName())));
    return new ClassFacts(
        dotted(model.thisClass().asInternalName()), List.copyOf(supertypes), references);
  }

  private void addEntry(PoolEntry entry) {
    switch (entry) {
      case ClassEntry type -> addClass(type.asInternalName());
      case NameAndTypeEntry pair -> addDescriptor(pair.type().stringValue());
      case MethodTypeEntry type -> addDescriptor(type.descriptor().stringValue());
      case MemberRefEntry member -> {
        String owner = member.owner().asInternalName();
        if (!owner.startsWith("[")) {
          references.add(
              new Reference.ToMember(
                  dotted(owner), member.name().stringValue(), member.type().stringValue()));
        }
      }
      case StringEntry text -> references.add(new Reference.ToText(text.stringValue()));
      default -> {
        // Numbers, text and pairs of entries that are visited by themselves.
      }
    }
  }

  private void addDeclarations(ClassModel model) {
    addAnnotations(model);
    model
        .findAttribute(Attributes.signature())
        .ifPresent(s -> addClassSignature(s.asClassSignature()));
    model
        .findAttribute(Attributes.record())
        .ifPresent(
            r ->
                r.components()
                    .forEach(
                        c -> {
                          addDescriptor(c.descriptor().stringValue());
                          addAnnotations(c);
                        }));
    for (FieldModel field : model.fields()) {
      addDescriptor(field.fieldType().stringValue());
      addAnnotations(field);
      field.findAttribute(Attributes.signature()).ifPresent(s -> addSignature(s.asTypeSignature()));
    }
    for (MethodModel method : model.methods()) {
      addDescriptor(method.methodType().stringValue());
      addAnnotations(method);
      method
          .findAttribute(Attributes.signature())
          .ifPresent(s -> addMethodSignature(s.asMethodSignature()));
      if (method.flags().has(AccessFlag.NATIVE)) {
        references.add(new Reference.NativeMethod(method.methodName().stringValue()));
      }
      if (method.methodName().equalsString("finalize") && method.methodType().equalsString("()V")) {
        // The JVM calls it through Object, on a thread of its own.
        references.add(new Reference.ToMember("java.lang.Object", "finalize", "()V"));
      }
    }
  }

  private void addAnnotations(AttributedElement element) {
    element
        .findAttribute(Attributes.runtimeVisibleAnnotations())
        .ifPresent(
            a -> {
              for (Annotation annotation : a.annotations()) {
                addDescriptor(annotation.className().stringValue());
              }
            });
  }

  private void addClassSignature(ClassSignature signature) {
    addTypeParameters(signature.typeParameters());
    addSignature(signature.superclassSignature());
    signature.superinterfaceSignatures().forEach(this::addSignature);
  }

  private void addMethodSignature(MethodSignature signature) {
    addTypeParameters(signature.typeParameters());
    addSignature(signature.result());
    signature.arguments().forEach(this::addSignature);
    signature.throwableSignatures().forEach(this::addSignature);
  }

  private void addTypeParameters(List<Signature.TypeParam> parameters) {
    for (Signature.TypeParam parameter : parameters) {
      parameter.classBound().ifPresent(this::addSignature);
      parameter.interfaceBounds().forEach(this::addSignature);
    }
  }

  private void addSignature(Signature signature) {
    switch (signature) {
      case Signature.ArrayTypeSig array -> addSignature(array.componentSignature());
      case Signature.ClassTypeSig type -> {
        type.outerType().ifPresent(this::addSignature);
        if (type.outerType().isEmpty()) {
          addClass(type.className());
        }
        for (Signature.TypeArg argument : type.typeArgs()) {
          if (argument instanceof Signature.TypeArg.Bounded bounded) {
            addSignature(bounded.boundType());
          }
        }
      }
      case Signature.TypeVarSig _, Signature.BaseTypeSig _ -> {
        // Names no class.
      }
    }
  }

  /** Adds a class by the form that a class constant has: an internal name or an array type. */
  private void addClass(String internalName) {
    if (internalName.startsWith("[")) {
      addDescriptor(internalName);
    } else {
      references.add(new Reference.ToClass(dotted(internalName)));
    }
  }

  private void addDescriptor(String descriptor) {
    int at = 0;
    while (at < descriptor.length()) {
      if (descriptor.charAt(at) == 'L') {
        int end = descriptor.indexOf(';', at);
        if (end < 0) {
          throw new IllegalArgumentException("malformed descriptor " + descriptor);
        }
        references.add(new Reference.ToClass(dotted(descriptor.substring(at + 1, end))));
        at = end;
      }
      at++;
    }
  }

  private static String dotted(String internalName) {
    return internalName.replace('/', '.');
  }
}
