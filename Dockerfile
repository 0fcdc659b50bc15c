# One image, four commands: services.storage, services.imaging, services.ingest, services.edge.
ARG PYTHON=3.11-slim-bookworm

FROM python:${PYTHON} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/tintype
WORKDIR /src
# The dependencies change less often than the code: they are a layer of their own.
COPY requirements/server.lock requirements/
RUN /opt/tintype/bin/pip install --require-hashes -r requirements/server.lock
COPY pyproject.toml README.md ./
COPY tintype tintype
COPY storage storage
COPY imaging imaging
COPY services services
RUN /opt/tintype/bin/pip install --no-deps . && /opt/tintype/bin/python -m compileall -q /opt/tintype

FROM python:${PYTHON}
COPY --from=build /opt/tintype /opt/tintype
# /data is for the embedded store and catalog; with S3 or Azure and Postgres nothing is kept there.
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin tintype \
    && install --directory --owner=tintype --group=tintype /data
ENV PATH=/opt/tintype/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    TINTYPE_DATA_DIR=/data
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 50051 50052 50053 8080
ENTRYPOINT ["python", "-m"]
CMD ["services.storage"]
