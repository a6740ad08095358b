package io.fettle.benchmarks.capacity;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** Replies of EC2, read and changed. */
final class Xml {
  static final String NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/";

  private Xml() {}

  static Document parse(String body) throws IOException {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(body)));
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException("no XML: " + body, e);
    }
  }

  static String text(Document document) throws IOException {
    var text = new StringWriter();
    try {
      TransformerFactory.newInstance()
          .newTransformer()
          .transform(new DOMSource(document), new StreamResult(text));
    } catch (TransformerException e) {
      throw new IOException("cannot write XML", e);
    }
    return text.toString();
  }

  static List<Element> children(Element parent, String name) {
    var found = new ArrayList<Element>();
    for (var node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element && element.getTagName().equals(name)) {
        found.add(element);
      }
    }
    return found;
  }

  static Optional<Element> child(Element parent, String name) {
    return children(parent, name).stream().findFirst();
  }

  static List<Element> all(Document document, String name) {
    var found = new ArrayList<Element>();
    var nodes = document.getElementsByTagName(name);
    for (int i = 0; i < nodes.getLength(); i++) {
      found.add((Element) nodes.item(i));
    }
    return found;
  }

  /** Sets a child's text; the child is made where there is none. */
  static Element set(Element parent, String name, String text) {
    var child =
        child(parent, name)
            .orElseGet(
                () -> (Element) parent.appendChild(parent.getOwnerDocument().createElement(name)));
    child.setTextContent(text);
    return child;
  }

  static String error(String code, String message) {
    return "<Response><Errors><Error><Code>%s</Code><Message>%s</Message></Error></Errors><RequestID>r-0</RequestID></Response>"
        .formatted(code, message);
  }
}
