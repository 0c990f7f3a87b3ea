# Jupyter with the lesson, for a class or a cloud: docs/classroom.md says how to use it.
# There is no libtorch package for Linux on other processors.
FROM --platform=linux/amd64 mcr.microsoft.com/dotnet/sdk:10.0

ENV BACKPROP_PACKAGES=/srv/backprop
COPY . /opt/backprop
RUN /opt/backprop/image/setup.sh

# JupyterHub and Binder expect a user of this name and number. Ubuntu's image has given the number to another.
ARG NB_USER=jovyan
ARG NB_UID=1000
RUN userdel --remove "$(id --name --user "$NB_UID")"; useradd --create-home --uid "$NB_UID" "$NB_USER"
USER $NB_UID
ENV HOME=/home/$NB_USER
WORKDIR $HOME

EXPOSE 8888
ENTRYPOINT ["/opt/backprop/image/start"]
CMD ["jupyter", "notebook", "--ip=0.0.0.0", "--no-browser", "--NotebookApp.default_url=/notebooks/backprop/Backprop.ipynb"]
